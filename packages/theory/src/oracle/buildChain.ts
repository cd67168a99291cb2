import type { FiniteChain, Stage } from './finiteChain.ts'
import type { Block, Mesh } from './mesh.ts'
import { pointOf } from './mesh.ts'
import type { Course } from './question.ts'
import { RunMatrix } from './runMatrix.ts'
import { chanceOf, type Put, type Step, spread, spreadKinked } from './spread.ts'

/** The chain whose trials are to be followed. */
export interface Walk {
  readonly start: readonly number[]
  readonly stationary: boolean
  /** Of the step from theta_n. */
  step(n: number): Step
  eta(n: number): number
  gradient(theta: Float64Array, into: Float64Array): void
}

/** More entries take more than some 300 MB. */
const mostEntries = 4e7

/** A state: a node of a block, at the so-manieth step of a hold (0 outside). */
interface Slot {
  readonly block: number
  readonly level: number
  readonly offset: number
}

/** The chain on the nodes of a mesh, for one course of its trials. */
export function buildChain(mesh: Mesh, course: Course, walk: Walk): FiniteChain {
  const slots = slotsOf(mesh, course)
  const { size, at } = slots
  const nodes = mesh.blocks.map((block) => nodesOf(mesh, block, walk))
  const { questions } = course
  const kind = mesh.blocks.map(({ region }) => (course.ends(region) ? 'ends' : course.held(region) ? 'held' : 'open'))
  const hits = questions.map(({ hits }) => mesh.blocks.map(({ region }) => hits(region)))

  /** Where one step from a mean leads, from so many steps of hold. */
  const row = (mean: ArrayLike<number>, level: number, step: Step, open: Put) => {
    const chances = new Float64Array(mesh.blocks.length)
    let lost = 0
    const isLine = mesh.dimension === 1
    const put: Put = (b, first, masses) => {
      const isOver = kind[b] === 'ends' || (kind[b] === 'held' && level + 1 === course.hold)
      if (!isOver) open(at(b, kind[b] === 'held' ? level + 1 : 0), first, masses)
      else if (!isLine || kind[b] === 'held') for (const mass of masses) chances[b]! += mass
    }
    if (isLine && step.law.kinks.length > 0) spreadKinked(mesh, mean[0]!, step, put)
    else spread(mesh, mean, step, put)
    if (isLine)
      mesh.blocks.forEach((block, b) => {
        if (kind[b] === 'ends') chances[b] = chanceOf(block, mean[0]!, step)
        else lost += beyond(block, mean[0]!, step)
      })
    const absorbed = hits.map((isHit) => chances.reduce((sum, chance, b) => (isHit[b] ? sum + chance : sum), 0))
    return { absorbed, ended: chances.reduce((sum, chance) => sum + chance, 0), lost }
  }

  const build = (n: number): Stage => {
    const matrix = new RunMatrix(size, mostEntries)
    const absorbed = questions.map(() => new Float64Array(size))
    const ended = new Float64Array(size)
    const lost = new Float64Array(size)
    const step = walk.step(n)
    const eta = walk.eta(n)
    for (const { block, level, offset } of slots.list) {
      const { points, gradients } = nodes[block]!
      for (const [i, point] of points.entries()) {
        let kept = 0
        const found = row(meanOf(point, gradients[i]!, eta), level, step, (target, first, masses) => {
          matrix.run(target + first, masses.length).set(masses)
          for (const mass of masses) kept += mass
        })
        const state = offset + i
        for (const [q, part] of found.absorbed.entries()) absorbed[q]![state] = part
        ended[state] = found.ended
        lost[state] = found.lost
        // The sum of a row is known, which a rule of quadrature meets but for rounding.
        const factor = (1 - found.ended - found.lost) / kept
        if (mesh.dimension === 1 && kept > 0.5 && Math.abs(factor - 1) < rounding) matrix.scaleRow(factor)
        matrix.endRow()
      }
    }
    return { matrix, absorbed, ended, lost }
  }

  const begin = Float64Array.from(walk.start)
  const slope = new Float64Array(begin.length)
  walk.gradient(begin, slope)
  const mass = new Float64Array(size)
  const first = row(meanOf(begin, slope, walk.eta(0)), 0, walk.step(0), (target, from, masses) => {
    for (let i = 0; i < masses.length; i++) mass[target + from + i]! += masses[i]!
  })
  let last: { readonly scale: number; readonly eta: number; readonly stage: Stage } | null = null
  return {
    size,
    first: { mass, ...first },
    isStationary: walk.stationary,
    stage(n) {
      const { scale } = walk.step(n)
      const eta = walk.eta(n)
      if (last === null || last.scale !== scale || last.eta !== eta) last = { scale, eta, stage: build(n) }
      return last.stage
    },
    stands: questions.map(({ stands }) => {
      if (stands === null) return null
      const so = new Float64Array(size)
      for (const { block, offset } of slots.list)
        so.fill(stands(mesh.blocks[block]!.region) ? 1 : 0, offset, offset + mesh.blocks[block]!.nodes.length)
      return so
    }),
    places: slots.list.flatMap(({ block }) => nodes[block]!.points.map((point) => Array.from(point))),
  }
}

/** Below this a row's sum is off by rounding and not by a rule that is too coarse. */
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

function nodesOf(
  mesh: Mesh,
  block: Block,
  walk: Walk,
): { readonly points: readonly Float64Array[]; readonly gradients: readonly Float64Array[] } {
  const points = Array.from(block.nodes, (_, i) => Float64Array.from(pointOf(mesh, block, i)))
  const gradients = points.map((point) => {
    const gradient = new Float64Array(point.length)
    walk.gradient(point, gradient)
    return gradient
  })
  return { points, gradients }
}

/** P(one step ends beyond the box, in the block that goes on there). */
function beyond({ panels, from, to }: Block, mean: number, { law, scale }: Step): number {
  let chance = 0
  const tail = (z: number) => (z >= 0 ? law.upper(z) : 1 - law.upper(-z))
  if (from === Number.NEGATIVE_INFINITY) chance += tail((mean - panels[0]!.from) / scale)
  if (to === Number.POSITIVE_INFINITY) chance += tail((panels.at(-1)!.to - mean) / scale)
  return chance
}
