import { elementary } from '@driftfarm/formula'
import { gradientAt } from '@driftfarm/kernel'
import { emptyStage, firstOf, type NodeChain, type Stage, tooManyEntries } from '../chain/finiteChain.ts'
import { probabilityBetween } from '../distribution/scalarLaw.ts'
import type { Course } from '../question/course.ts'
import { remembered } from '../remembered.ts'
import { type Block, type Mesh, pointOf } from './lineMesh.ts'
import { blockProbability, nodesWithin, type PutMass, type Step, spreadKinked, spreadStep } from './spread.ts'
import type { OracleChain } from './walk.ts'

/** A matrix of this size takes about 500 MB. */
const maxEntries = 6e7

/** `level` is the number of consecutive steps that a trial has spent in regions of `Course.held`. */
interface Slot {
  readonly block: number
  readonly level: number
  readonly offset: number
}

type States = ReturnType<typeof statesOf>

/** A row of a transition matrix: the mean of the step from a state, and where its columns begin. */
interface Origin {
  readonly mean: ArrayLike<number>
  readonly level: number
  readonly column: number
}

/**
 * The chain of a walk on the nodes of its meshes. With momentum, in one dimension,
 * x_{n+1} = x_n + beta (x_n - x_{n-1}) - eta L'(x_n) + s xi, and a state is a pair of nodes: the previous position and
 * the present one. After the first step, the previous position is the start; the states for this case have the lowest
 * indices.
 */
export function nodeChain(meshAt: (n: number) => Mesh, course: Course, walk: OracleChain, steps: number): NodeChain {
  const { questions } = course
  const hasMomentum = walk.beta > 0
  // A schedule may have a mesh for each step, but only two of them are needed at a time.
  const statesOn = remembered((mesh: Mesh) => statesOf(mesh, course, walk), new WeakMap())
  const statesAt = (n: number): States => statesOn(meshAt(n))
  const sizeOf = ({ size }: States) => (hasMomentum ? size + size * size : size)
  const stageOf = (origins: Iterable<Origin>, rows: number, to: States, step: Step, isScaled: boolean): Stage => {
    const stage = emptyStage(rows, sizeOf(to), questions.length, maxEntries)
    const { matrix } = stage
    let state = 0
    for (const { mean, level, column } of origins) {
      let kept = 0
      const found = rowOf(course, to, { mean, level, step }, (target, first, masses) => {
        matrix.run(column + target + first, masses.length).set(masses)
        for (const mass of masses) kept += mass
      })
      for (const [q, part] of found.absorbed.entries()) stage.absorbed[q]![state] = part
      stage.ended[state] = found.ended
      stage.lost[state] = found.lost
      // If the quadrature rule is fine enough, the computed sum of a row differs from the exact sum only by rounding.
      const factor = (1 - found.ended - found.lost) / kept
      if (isScaled && kept > 0.5 && Math.abs(factor - 1) < rounding) matrix.scaleRow(factor)
      matrix.endRow()
      state++
    }
    return stage
  }

  let computed = 0
  const build = (n: number): Stage => {
    const from = statesAt(n)
    const to = statesAt(n + 1)
    const step = walk.step(n)
    const eta = walk.eta(n)
    if (entriesOf(from, to, eta, step) > surely * maxEntries) throw new RangeError(tooManyEntries(maxEntries))
    const origins = hasMomentum ? pairsOf(from, eta, walk) : nodesOf(from, eta)
    const stage = stageOf(origins, sizeOf(from), to, step, isLine && !hasMomentum)
    computed += stage.matrix.entries
    return stage
  }

  const one = statesAt(1)
  const isLine = one.mesh.dimension === 1
  // The first step needs only a single row of the matrix, so including jumps of any length costs little.
  const whole = hasMomentum ? walk.step(0) : { ...walk.step(0), reach: Number.POSITIVE_INFINITY }
  const mean = meanOf(walk.start, gradientAt(walk.gradient, walk.start), walk.eta(0))
  const first = stageOf([{ mean, level: 0, column: 0 }], 1, one, whole, false)
  const end = statesAt(steps)
  let last: { readonly key: string; readonly from: Mesh; readonly to: Mesh; readonly stage: Stage } | null = null
  const stage = (n: number): Stage => {
    const key = `${walk.step(n).scale} ${walk.eta(n)}`
    const from = meshAt(n)
    const to = meshAt(n + 1)
    if (last === null || last.key !== key || last.from !== from || last.to !== to)
      last = { key, from, to, stage: build(n) }
    return last.stage
  }
  return {
    size: sizeOf(one),
    first: firstOf(first),
    entriesAt: (n) =>
      isLine ? stage(n).matrix.entries : entriesOf(statesAt(n), statesAt(n + 1), walk.eta(n), walk.step(n)),
    computed: () => computed,
    isStationary: walk.stationary,
    groups: isLine ? null : groupsOf(one, walk.step(1).scale * groupWidth),
    stage,
    stands: questions.map(({ stands }) => {
      if (stands === null) return null
      const so = new Float64Array(end.size)
      for (const { block, offset } of end.list) {
        const { region, nodes } = end.mesh.blocks[block]!
        so.fill(stands(region) ? 1 : 0, offset, offset + nodes.length)
      }
      return Float64Array.from({ length: sizeOf(end) }, (_, state) => so[state % end.size]!)
    }),
  }
}

function* nodesOf({ list, nodes }: States, eta: number): Generator<Origin> {
  for (const { block, level } of list) {
    const { points, gradients } = nodes[block]!
    for (const [i, point] of points.entries()) yield { mean: meanOf(point, gradients[i]!, eta), level, column: 0 }
  }
}

function* pairsOf({ list, nodes }: States, eta: number, { start, beta }: OracleChain): Generator<Origin> {
  const places = list.flatMap(({ block }) => nodes[block]!.points.map(([x]) => x!))
  const slopes = list.flatMap(({ block }) => nodes[block]!.gradients.map(([slope]) => slope!))
  for (const before of [start[0]!, ...places])
    for (const [now, x] of places.entries()) {
      const mean = x + beta * (x - before) - eta * slopes[now]!
      yield { mean: [mean], level: 0, column: places.length * (1 + now) }
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

function rowOf(
  course: Course,
  { mesh, kinds, hits, at }: States,
  { mean, level, step }: Omit<Origin, 'column'> & { readonly step: Step },
  open: PutMass,
) {
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

function statesOf(mesh: Mesh, course: Course, walk: OracleChain) {
  const { blocks } = mesh
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
  return {
    mesh,
    list,
    size,
    at: (block: number, level: number) => offsets.get(`${block} ${level}`)!,
    /** For each block, its nodes, and the gradients there. */
    nodes: blocks.map((block) => {
      const points = Array.from(block.nodes, (_, i) => Float64Array.from(pointOf(mesh, block, i)))
      return { points, gradients: points.map((point) => gradientAt(walk.gradient, point)) }
    }),
    kinds: blocks.map(({ region }) => (course.ends(region) ? 'ends' : course.held(region) ? 'held' : 'open')),
    /** `hits[q][b]` says whether a trial that ends in block b counts for question q. */
    hits: course.questions.map(({ hits }) => blocks.map(({ region }) => hits(region))),
  }
}

/** A larger relative error of the sum of a row is not due to rounding: the quadrature rule is too coarse. */
const rounding = 1e-11

function meanOf(point: ArrayLike<number>, gradient: ArrayLike<number>, eta: number): number[] {
  return Array.from(point, (x, i) => x - eta * gradient[i]!)
}

function beyond({ panels, from, to }: Block, mean: number, { law, scale }: Step): number {
  const tail = (z: number) => probabilityBetween(law, z, Number.POSITIVE_INFINITY)
  const below = from === Number.NEGATIVE_INFINITY ? tail((mean - panels[0]!.from) / scale) : 0
  return below + (to === Number.POSITIVE_INFINITY ? tail((panels.at(-1)!.to - mean) / scale) : 0)
}
