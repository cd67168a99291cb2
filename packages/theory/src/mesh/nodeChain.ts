import { elementary } from '@driftfarm/formula'
import { type NodeChain, RunMatrix, type Stage, tooManyEntries } from '../chain/finiteChain.ts'
import type { Course } from '../question/course.ts'
import { type Block, type Mesh, pointOf } from './lineMesh.ts'
import { blockProbability, nodesWithin, type PutMass, type Step, spreadKinked, spreadStep } from './spread.ts'
import type { OracleChain, TransitionChain } from './walk.ts'

/** A matrix of this size takes about 500 MB. */
export const maxEntries = 6e7

/** `level` is the number of consecutive steps that a trial has spent in regions of `Course.held`. */
interface Slot {
  readonly block: number
  readonly level: number
  readonly offset: number
}

export interface States {
  readonly mesh: Mesh
  readonly list: readonly Slot[]
  readonly size: number
  at(block: number, level: number): number
  readonly nodes: readonly BlockNodes[]
  readonly kinds: readonly ('ends' | 'held' | 'open')[]
  /** `hits[q][b]` says whether a trial that ends in block b counts for question q. */
  readonly hits: readonly (readonly boolean[])[]
}

export function buildChain(
  meshAt: (n: number) => Mesh,
  course: Course,
  walk: TransitionChain,
  steps: number,
): NodeChain {
  // A schedule may have a mesh for each step, but only two of them are needed at a time.
  const known = new WeakMap<Mesh, States>()
  const statesAt = (n: number): States => {
    const mesh = meshAt(n)
    let states = known.get(mesh)
    if (states === undefined) {
      states = statesOf(mesh, course, walk)
      known.set(mesh, states)
    }
    return states
  }
  const row = rowOf(course)
  let computed = 0

  const build = (n: number): Stage => {
    const from = statesAt(n)
    const to = statesAt(n + 1)
    const { questions } = course
    const matrix = new RunMatrix(from.size, to.size, maxEntries)
    const absorbed = questions.map(() => new Float64Array(from.size))
    const ended = new Float64Array(from.size)
    const lost = new Float64Array(from.size)
    const step = walk.step(n)
    const eta = walk.eta(n)
    if (entriesOf(from, to, eta, step) > surely * maxEntries) throw new RangeError(tooManyEntries(maxEntries))
    for (const { block, level, offset } of from.list) {
      const { points, gradients } = from.nodes[block]!
      for (const [i, point] of points.entries()) {
        let kept = 0
        const found = row(to, { mean: meanOf(point, gradients[i]!, eta), level, step }, (target, first, masses) => {
          matrix.run(target + first, masses.length).set(masses)
          for (const mass of masses) kept += mass
        })
        const state = offset + i
        for (const [q, part] of found.absorbed.entries()) absorbed[q]![state] = part
        ended[state] = found.ended
        lost[state] = found.lost
        // If the quadrature rule is fine enough, the computed sum of a row differs from the exact sum only by rounding.
        const factor = (1 - found.ended - found.lost) / kept
        if (from.mesh.dimension === 1 && kept > 0.5 && Math.abs(factor - 1) < rounding) matrix.scaleRow(factor)
        matrix.endRow()
      }
    }
    computed += matrix.entries
    return { matrix, absorbed, ended, lost }
  }

  const begin = Float64Array.from(walk.start)
  const slope = new Float64Array(begin.length)
  walk.gradient(begin, slope)
  const one = statesAt(1)
  const mass = new Float64Array(one.size)
  // The first step needs only a single row of the matrix, so including jumps of any length costs little.
  const whole = { ...walk.step(0), reach: Number.POSITIVE_INFINITY }
  const first = row(one, { mean: meanOf(begin, slope, walk.eta(0)), level: 0, step: whole }, (target, from, masses) => {
    for (let i = 0; i < masses.length; i++) mass[target + from + i]! += masses[i]!
  })
  const end = statesAt(steps)
  let last: { readonly key: string; readonly from: Mesh; readonly to: Mesh; readonly stage: Stage } | null = null
  const isLine = one.mesh.dimension === 1
  const stage = (n: number): Stage => {
    const key = `${walk.step(n).scale} ${walk.eta(n)}`
    const from = meshAt(n)
    const to = meshAt(n + 1)
    if (last === null || last.key !== key || last.from !== from || last.to !== to)
      last = { key, from, to, stage: build(n) }
    return last.stage
  }
  return {
    size: one.size,
    first: { mass, ...first },
    entriesAt: (n) =>
      isLine ? stage(n).matrix.entries : entriesOf(statesAt(n), statesAt(n + 1), walk.eta(n), walk.step(n)),
    computed: () => computed,
    isStationary: walk.stationary,
    groups: isLine ? null : groupsOf(one, walk.step(1).scale * groupWidth),
    stage,
    stands: course.questions.map(({ stands }) => {
      if (stands === null) return null
      const so = new Float64Array(end.size)
      for (const { block, offset } of end.list) {
        const { region, nodes } = end.mesh.blocks[block]!
        so.fill(stands(region) ? 1 : 0, offset, offset + nodes.length)
      }
      return so
    }),
  }
}

const sampled = 64
/** Unless a matrix has few entries, the estimated number of its entries is correct to within this factor. */
const surely = 1.1

/** Estimates the number of entries of a matrix. Returns 0 on a line, where a matrix never has too many entries. */
function entriesOf(from: States, to: States, eta: number, step: Step): number {
  if (from.mesh.dimension === 1) return 0
  const goesOn = to.kinds.map((kind) => kind !== 'ends')
  let entries = 0
  let seen = 0
  for (const { block } of from.list) {
    const { points, gradients } = from.nodes[block]!
    for (; seen < points.length; seen += sampled)
      entries += nodesWithin(to.mesh, meanOf(points[seen]!, gradients[seen]!, eta), step, goesOn)
    seen -= points.length
  }
  return entries * sampled
}

/** Width of a group of neighbouring states, in units of the step scale: so narrow that one step mixes these states. */
const groupWidth = 2

function groupsOf({ list, nodes, size }: States, width: number): Int32Array {
  const groups = new Int32Array(size)
  const numbers = new Map<string, number>()
  for (const { block, level, offset } of list)
    for (const [i, point] of nodes[block]!.points.entries()) {
      const key = `${level} ${Array.from(point, (x) => Math.floor(x / width)).join()}`
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      groups[offset + i] = number
    }
  return groups
}

interface Going {
  readonly mean: ArrayLike<number>
  readonly level: number
  readonly step: Step
}

export function rowOf(course: Course) {
  return ({ mesh, kinds, hits, at }: States, { mean, level, step }: Going, open: PutMass) => {
    const chances = new Float64Array(mesh.blocks.length)
    const isLine = mesh.dimension === 1
    // In a plane the distribution is normal, so a jump exceeds the reach with probability exp(-reach^2 / 2). The mass
    // that leaves the box is neglected, because the loss at the edge of the box is far above the loss at its highest
    // pass.
    let lost = isLine ? 0 : elementary.exp((-step.reach * step.reach) / 2)
    const put: PutMass = (b, first, masses) => {
      const isOver = kinds[b] === 'ends' || (kinds[b] === 'held' && level + 1 === course.hold)
      if (!isOver) open(at(b, kinds[b] === 'held' ? level + 1 : 0), first, masses)
      else if (!isLine || kinds[b] === 'held') for (const mass of masses) chances[b]! += mass
    }
    if (isLine && step.law.kinks.length > 0) spreadKinked(mesh, mean[0]!, step, put)
    else spreadStep(mesh, mean, step, put)
    if (isLine)
      mesh.blocks.forEach((block, b) => {
        if (kinds[b] === 'ends') chances[b] = blockProbability(block, mean[0]!, step)
        else lost += beyond(block, mean[0]!, step)
      })
    const absorbed = hits.map((isHit) => chances.reduce((sum, chance, b) => (isHit[b] ? sum + chance : sum), 0))
    return { absorbed, ended: chances.reduce((sum, chance) => sum + chance, 0), lost }
  }
}

export function statesOf(mesh: Mesh, course: Course, walk: TransitionChain): States {
  return {
    mesh,
    ...slotsOf(mesh, course),
    nodes: mesh.blocks.map((block) => nodesOf(mesh, block, walk)),
    kinds: mesh.blocks.map(({ region }) => (course.ends(region) ? 'ends' : course.held(region) ? 'held' : 'open')),
    hits: course.questions.map(({ hits }) => mesh.blocks.map(({ region }) => hits(region))),
  }
}

/** A larger relative error of the sum of a row is not due to rounding: the quadrature rule is too coarse. */
const rounding = 1e-11

function meanOf(point: ArrayLike<number>, gradient: ArrayLike<number>, eta: number): number[] {
  return Array.from(point, (x, i) => x - eta * gradient[i]!)
}

function slotsOf(
  { blocks }: Mesh,
  course: Course,
): { readonly list: readonly Slot[]; readonly size: number; readonly at: (block: number, level: number) => number } {
  const list: Slot[] = []
  const offsets = new Map<string, number>()
  let size = 0
  blocks.forEach(({ region, nodes }, block) => {
    if (course.ends(region)) return
    const levels = course.held(region) ? Array.from({ length: course.hold - 1 }, (_, i) => i + 1) : [0]
    for (const level of levels) {
      list.push({ block, level, offset: size })
      offsets.set(`${block} ${level}`, size)
      size += nodes.length
    }
  })
  return { list, size, at: (block, level) => offsets.get(`${block} ${level}`)! }
}

interface BlockNodes {
  readonly points: readonly Float64Array[]
  readonly gradients: readonly Float64Array[]
}

function nodesOf(mesh: Mesh, block: Block, walk: TransitionChain): BlockNodes {
  const points = Array.from(block.nodes, (_, i) => Float64Array.from(pointOf(mesh, block, i)))
  const gradients = points.map((point) => {
    const gradient = new Float64Array(point.length)
    walk.gradient(point, gradient)
    return gradient
  })
  return { points, gradients }
}

function beyond({ panels, from, to }: Block, mean: number, { law, scale }: Step): number {
  let chance = 0
  const tail = (z: number) => (z >= 0 ? law.upper(z) : 1 - law.upper(-z))
  if (from === Number.NEGATIVE_INFINITY) chance += tail((mean - panels[0]!.from) / scale)
  if (to === Number.POSITIVE_INFINITY) chance += tail((panels.at(-1)!.to - mean) / scale)
  return chance
}

/**
 * The chain with momentum in one dimension: x_{n+1} = x_n + beta (x_n - x_{n-1}) - eta L'(x_n) + s xi. A state is a
 * pair of nodes: the previous position and the present one. After the first step, the previous position is the start;
 * the states for this case have the lowest indices.
 */
export function buildMomentumChain(mesh: Mesh, course: Course, chain: OracleChain): NodeChain {
  const states = statesOf(mesh, course, chain)
  const row = rowOf(course)
  const { questions } = course
  const { size: nodes, list } = states
  const size = nodes + nodes * nodes
  const places = new Float64Array(nodes)
  const gradients = new Float64Array(nodes)
  const regions = Array.from({ length: nodes }, () => mesh.blocks[0]!.region)
  for (const { block, offset } of list)
    states.nodes[block]!.points.forEach((point, i) => {
      places[offset + i] = point[0]!
      gradients[offset + i] = states.nodes[block]!.gradients[i]![0]!
      regions[offset + i] = mesh.blocks[block]!.region
    })

  let computed = 0
  const build = (n: number): Stage => {
    const matrix = new RunMatrix(size, size, maxEntries)
    const absorbed = questions.map(() => new Float64Array(size))
    const ended = new Float64Array(size)
    const lost = new Float64Array(size)
    const step = chain.step(n)
    const eta = chain.eta(n)
    for (let state = 0; state < size; state++) {
      const now = state % nodes
      const before = state < nodes ? chain.start[0]! : places[Math.floor(state / nodes) - 1]!
      const x = places[now]!
      const mean = x + chain.beta * (x - before) - eta * gradients[now]!
      const found = row(states, { mean: [mean], level: 0, step }, (target, first, masses) =>
        matrix.run(nodes + now * nodes + target + first, masses.length).set(masses),
      )
      for (const [q, part] of found.absorbed.entries()) absorbed[q]![state] = part
      ended[state] = found.ended
      lost[state] = found.lost
      matrix.endRow()
    }
    computed += matrix.entries
    return { matrix, absorbed, ended, lost }
  }

  const mass = new Float64Array(size)
  const slope = new Float64Array(1)
  chain.gradient(Float64Array.from(chain.start), slope)
  const mean = [chain.start[0]! - chain.eta(0) * slope[0]!]
  const first = row(states, { mean, level: 0, step: chain.step(0) }, (target, from, masses) =>
    mass.set(masses, target + from),
  )
  let last: { readonly key: string; readonly stage: Stage } | null = null
  const stage = (n: number): Stage => {
    const key = `${chain.step(n).scale} ${chain.eta(n)}`
    if (last === null || last.key !== key) last = { key, stage: build(n) }
    return last.stage
  }
  return {
    size,
    first: { mass, ...first },
    entriesAt: (n) => stage(n).matrix.entries,
    computed: () => computed,
    isStationary: chain.stationary,
    groups: null,
    stage,
    stands: questions.map(({ stands }) =>
      stands === null ? null : Float64Array.from({ length: size }, (_, i) => (stands(regions[i % nodes]!) ? 1 : 0)),
    ),
  }
}
