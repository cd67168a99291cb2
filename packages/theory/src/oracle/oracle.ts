import { exitFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import type { Refusal } from '../chain.ts'
import { evaluate, type Findings, type Method } from './evaluate.ts'
import { cutLine } from './cutLine.ts'
import { flood } from './flood.ts'
import { lineMesh } from './lineMesh.ts'
import type { Mesh } from './mesh.ts'
import { coursesOf, mergeCourses } from './question.ts'
import { type Region, type RegionAt, regionFinder } from './region.ts'
import { type OracleChain, oracleChain } from './walk.ts'

export interface OracleOptions {
  /** Shorter horizons that are asked as well. */
  readonly horizons?: readonly number[]
  /** Relative disagreement of two resolutions that is enough. */
  readonly tolerance?: number
  /** Nodes of the first resolution beside the usual: 1. Below 1 to see how an error shows. */
  readonly density?: number
  /** Most resolutions. */
  readonly rounds?: number
}

export interface ExactAnswer {
  /** As in results; besides, without a horizon: `firstExit`, `firstExit:NAME`, `firstConverge`, `meanExitStep`, `rate`. */
  readonly name: string
  readonly value: number
  /** Relative disagreement of two resolutions and boxes; absolute where the value is 0. */
  readonly error: number
  readonly method: Method
}

export interface OracleAnswer {
  /** The chain that was followed. */
  readonly chain: {
    readonly dimension: number
    readonly law: string
    /** Of the momentum rule, null for plain descent. */
    readonly beta: number | null
    /** Step size and scale at n = 0. */
    readonly eta: number
    readonly scale: number
    /** s^2 / (2 eta) if it is the same at every step, else null. */
    readonly temperature: number | null
  }
  readonly answers: readonly ExactAnswer[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}

const defaults = { tolerance: 1e-10, density: 1, rounds: 5 } as const

/** Of each resolution: how many more nodes than before. */
const growth = 1.33

/**
 * What the events of a cell come to, exactly but for rounding and quadrature: the chain's integral equation on Gauss-Legendre
 * nodes (Nystrom's method), at growing resolutions until two agree. Only sums of non-negative numbers, so small
 * probabilities have as many digits as large ones. One and two dimensions; a reason for what is none of it.
 */
export function oracle(cell: Cell, data: DataTable | null, options: OracleOptions = {}): OracleAnswer | Refusal {
  const { tolerance, density, rounds } = { ...defaults, ...options }
  const chain = oracleChain(cell, data)
  if ('reason' in chain) return chain
  if (chain.beta > 0 && (cell.trial.converge?.hold ?? 1) > 1)
    return { reason: 'the momentum rule, and a hold of convergence' }
  const exits = exitFunction(cell, data, chain.start)
  if (exits.needsMore) return { reason: 'an event depends on the step' }
  const horizons = [...new Set([...(options.horizons ?? []), cell.trial.steps])].sort((a, b) => a - b)
  let before: Findings | null = null
  let best: { findings: Findings; errors: Map<string, number>; missing: Map<string, string> } | null = null
  let depth = 36
  let nodes = density
  for (let round = 0; round < rounds; round++) {
    const findings: Findings = new Map()
    const missing = new Map<string, string>()
    try {
      const { meshAt, regions } = meshesOf(cell, chain, regionFinder(exits), depth, nodes)
      for (const course of mergeCourses(coursesOf(cell), regions))
        evaluate(meshAt, course, chain, horizons, findings, missing)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      if (best === null) return { reason: error.message }
      break
    }
    const errors = new Map<string, number>()
    for (const [name, { value, lost }] of findings) errors.set(name, errorOf(value, lost, before?.get(name)?.value))
    best = { findings, errors, missing }
    before = findings
    if (round > 0 && [...errors.values()].every((error) => error <= tolerance)) break
    const leak = [...findings.values()].reduce((most, { value, lost }) => Math.max(most, value > 0 ? lost / value : 0), 0)
    depth *= leak > tolerance / 10 ? 1.8 : 1.25
    nodes *= growth
  }
  if (best === null) return { reason: 'no resolution was asked for' }
  return answerOf(chain, best)
}

/** Of two values of the same; without a first one nothing is known. */
function errorOf(value: number, lost: number, before: number | undefined): number {
  const off = before === undefined ? Math.abs(value) : Math.abs(value - before)
  return value === 0 ? Math.max(off, lost) : Math.max(off, lost) / Math.abs(value)
}

function answerOf(
  { chain, beta, temperature, start }: OracleChain,
  {
    findings,
    errors,
    missing,
  }: { findings: Findings; errors: ReadonlyMap<string, number>; missing: ReadonlyMap<string, string> },
): OracleAnswer {
  return {
    chain: {
      dimension: start.length,
      law: chain.law.kind,
      beta: beta > 0 ? beta : null,
      eta: chain.eta(0),
      scale: chain.scale(0),
      temperature: chain.stationary ? temperature : null,
    },
    answers: [...findings].map(([name, { value, method }]) => ({ name, value, error: errors.get(name)!, method })),
    missing: [...missing].map(([name, reason]) => ({ name, reason })),
  }
}

/** Of the first resolution: panels so many scales long, with so many nodes each. */
const panel = { length: 5, count: 15 } as const
/** Nodes on a line; more would take minutes. */
const mostNodes = 6000

function meshesOf(
  cell: Cell,
  chain: OracleChain,
  regionAt: RegionAt,
  depth: number,
  density: number,
): { meshAt: (n: number) => Mesh; regions: readonly Region[] } {
  const { smallest, largest, law, start } = chain
  const courses = coursesOf(cell)
  const { converge, escape, classify, marks } = cell.trial
  const centres = converge?.kind === 'within' ? converge.of.map(([, point]) => point) : []
  const names = escape?.kind === 'exits' ? escape.exits.map(([name]) => name) : escape === null ? [] : ['']
  const step = smallest / 2
  const region = flood({
    loss: chain.chain.landscape.loss,
    regionAt,
    start,
    step,
    depth: depth * chain.temperature,
    reach: Math.min(law.reach, 20) * largest,
    ends: (region) => courses.every((course) => course.ends(region)),
    hasAll: (found) =>
      names.every((name) => found.some(({ exit }) => exit === name)) &&
      (converge === null || found.some(({ converges }) => converges)) &&
      classify.every(([name]) => found.some((one) => one.class === name)) &&
      marks.every((_, index) => found.some((one) => one.marks[index] === true)),
    hints: centres,
    mostCells: 200_000,
  })
  const [low] = region.low
  const [high] = region.high
  const segments = cutLine(
    (x) => regionAt([x]),
    low!,
    high!,
    step / 2,
    centres.flatMap(([x]) => x ?? []),
  )
  const meshes = new Map<number, Mesh>()
  const meshAt = (n: number) => {
    const scale = chain.finest(n)
    let mesh = meshes.get(scale)
    if (mesh === undefined) {
      const length = (panel.length * scale) / law.detail
      const count = panel.count * density
      const wanted = ((high! - low!) / length) * count
      if (wanted > mostNodes)
        throw new RangeError(
          `steps of scale ${scale} over a way of ${Number((high! - low!).toPrecision(3))} would take ${Math.round(wanted)} nodes`,
        )
      mesh = lineMesh({ segments, resolution: { length, count }, refine: (x) => refinement(chain, scale, x, n) })
      meshes.set(scale, mesh)
    }
    return mesh
  }
  return { meshAt, regions: [...new Set(segments.map(({ region }) => region))] }
}

/** Where the mean of a step changes faster than its argument, the step blurs less. */
function refinement({ beta, gradient, eta }: OracleChain, scale: number, x: number, n: number): number {
  if (beta > 0) return 1
  const apart = scale / 8
  const slope = new Float64Array(1)
  const mean = (y: number) => {
    gradient(Float64Array.of(y), slope)
    return y - eta(n) * slope[0]!
  }
  const steepness = Math.abs((mean(x + apart) - mean(x - apart)) / (2 * apart))
  return steepness > 1 ? Math.min(steepness, mostRefined) : 1
}

/** Steeper parts are reached by next to nothing. */
const mostRefined = 3
