import { dot, elementary, type Matrix } from '@driftfarm/formula'
import { type BallStart, type Contraction, maxSteps } from '../ball/contraction.ts'
import { afterEqualSteps, Moments, tailOf } from '../ball/product.ts'
import { settle, visitsByElimination } from '../chain/elimination.ts'
import type { NodeChain } from '../chain/finiteChain.ts'
import { propagate } from '../chain/propagate.ts'
import { product } from '../linear/recursion.ts'
import { tiny } from '../question/answer.ts'
import { refuse } from '../refusal.ts'
import { RadialGrid, type RadialStep, times } from './grid.ts'

export interface RadialSurvival {
  /**
   * P(R_n >= radius for some n <= steps). It is a sum of positive terms, so it keeps its relative accuracy even at
   * 1e-25.
   */
  readonly exit: number
  /** P(R_n < radius for all n <= steps), with the same accuracy. */
  readonly survive: number
  /**
   * The larger of the relative differences of `exit` and `survive` between two resolutions. It includes the most that
   * omitted jumps and omitted last steps could contribute, as shares of the probability of leaving.
   */
  readonly error: number
}

/** With this many nodes per scale of the narrowest step, the error of the quadrature is below the rounding error. */
const nodesPerScale = [3.5, 5] as const
const minNodes = [18, 26] as const
/** A matrix on more nodes than this would take more than 18 MB. */
const maxNodes = 1500
/** Computing this many entries of kernels takes about ten seconds. */
const maxEntries = 7e7
/**
 * The last steps of an annealed chain become too narrow to resolve. The tail of a step is the probability of being
 * outside the ball after this step, for a chain without a boundary. The last steps are omitted if their tails add up to
 * at most this share of the largest tail.
 */
const negligible = 1e-13
/** The total probability of omitted jumps is at most this share of the probability of leaving the ball. */
const leftOut = 1e-14
/** A chain is followed step by step until the cost exceeds this share of the cost of squaring the kernel. */
const squaring = 0.3
/**
 * Jumps up to this length, in units of the step scale, are always included. `leftOut` limits the omitted jumps only
 * relative to the probability of leaving. If that is near 1, the omitted jumps could still change the small
 * probability of staying.
 */
const leastReach = 12

/**
 * Computes the survival of the chain R_{n+1} = |rho_n R_n e_1 + s_n xi| in an open ball by Nystrom's method on
 * [0, radius). Here xi is a standard Gaussian vector and 0 <= rho_n <= 1. Refuses if the chain cannot be resolved.
 */
export function radialSurvival(chain: Contraction, within: BallStart): RadialSurvival {
  const { dimension } = chain
  const { radius, start } = within
  if (!(start < radius)) return { exit: 1, survive: 0, error: 0 }
  const steps = chain.stationary ? homogeneous(chain, within) : varying(chain, within)
  if (steps.count === 0) return { exit: 0, survive: 1, error: 0 }
  const counts = nodesPerScale.map((each, i) => Math.ceil((each * radius) / steps.narrowest) + minNodes[i]!)
  const largest = counts[1]!
  if (largest > maxNodes)
    refuse(
      `a step scale of ${steps.narrowest.toPrecision(3)} in a ball of radius ${radius} needs ${largest} nodes; ` +
        `the limit is ${maxNodes}`,
    )
  const reach = Math.max(leastReach, reachOf(dimension, (leftOut * steps.atLeast) / steps.count))
  const on = (count: number) => exitAndSurvival(new RadialGrid(dimension, radius, count), steps, start, reach)
  const [fine, coarse] = [on(largest), on(counts[0]!)]
  const off = (key: keyof Ends) => (fine[key] === 0 ? 0 : Math.abs(coarse[key] / fine[key] - 1))
  return { ...fine, error: Math.max(off('exit'), off('survive')) + steps.left + leftOut }
}

type Steps = ReturnType<typeof homogeneous | typeof varying>

function homogeneous({ dimension, rho, scale }: Contraction, { radius, start, steps }: BallStart) {
  const first = { rho: rho(0), scale: scale(0) }
  // Without the boundary, R_n is the length of a Gaussian vector. The mean of this vector has at most the length
  // `start`, and its coordinates have at most the variance after the last step. If the tail is 0 even for `start` and
  // this variance, the chain cannot leave.
  const { mean, variance } = afterEqualSteps({ mean: start, variance: 0 }, steps, first)
  const outside = (mean: number) => tailOf({ mean, variance }, radius, dimension).tail
  const hopeless = outside(start) === 0
  return {
    first,
    /** null if all steps are equal to `first`. */
    each: null,
    count: hopeless ? 0 : steps,
    narrowest: first.scale,
    /** The omitted last steps could add at most this share of the probability of leaving. */
    left: 0,
    /** A lower bound on the probability of leaving: the probability of being outside at one of the steps. */
    atLeast: hopeless ? 0 : Math.max(outside(mean), tiny),
  }
}

function varying(chain: Contraction, { radius, start, steps }: BallStart) {
  if (steps > maxSteps) refuse(`the schedule has ${steps} steps; the limit is ${maxSteps}`)
  const each: RadialStep[] = []
  const tails: number[] = []
  // A step of scale 0 cannot leave the ball. Its rho is multiplied into the rho of the next step.
  let carried = 1
  const moments = new Moments(chain, start)
  for (let n = 0; n < steps; n++) {
    const scale = chain.scale(n)
    moments.step()
    carried *= chain.rho(n)
    if (scale === 0) continue
    each.push({ rho: carried, scale })
    tails.push(tailOf(moments, radius, chain.dimension).tail)
    carried = 1
  }
  const all = tails.reduce((sum, tail) => sum + tail, 0)
  const largest = tails.reduce((most, tail) => Math.max(most, tail), 0)
  let left = 0
  while (each.length > 1 && left + tails.at(-1)! <= negligible * largest) {
    left += tails.pop()!
    each.pop()
  }
  const narrowest = each.reduce((least, { scale }) => Math.min(least, scale), Number.POSITIVE_INFINITY)
  return {
    first: each[0] ?? { rho: 1, scale: 0 },
    each,
    count: all === 0 ? 0 : each.length,
    narrowest,
    left: largest === 0 ? 0 : left / largest,
    atLeast: Math.max(largest, tiny),
  }
}

/**
 * Returns a distance in units of the step scale. The probability that one step moves the radius in or out by more than
 * this distance is at most `probability`. The events |xi| > sqrt(d) + z and xi_1 < -z each have a probability of at
 * most exp(-z^2/2).
 */
function reachOf(dimension: number, probability: number): number {
  return Math.sqrt(dimension) + Math.sqrt(2 * (Math.LN2 - elementary.log(probability)))
}

type Ends = Pick<RadialSurvival, 'exit' | 'survive'>

/** Jumps beyond `reach` step scales are omitted. */
function exitAndSurvival(grid: RadialGrid, steps: Steps, start: number, reach: number): Ends {
  const { first, each, count } = steps
  const nodes = grid.nodes.length
  const entries = meanEntriesOf(grid, steps, reach)
  const tooMany = `a schedule of ${count} steps would take too long on ${nodes} nodes`
  if (each !== null && entries * count > maxEntries) refuse(tooMany)
  const same = each === null ? grid.stage(first, reach) : null
  const left = grid.exit(start, first)
  const chain: NodeChain = {
    size: nodes,
    first: { mass: grid.row(start, first), absorbed: [left, 0], lost: 0 },
    stage: (n) => same ?? grid.stage(each![n]!, reach),
    isStationary: each === null,
    // `propagate` returns two probabilities for a horizon: of having left the ball, and of still being in the ball.
    stands: [null, new Float64Array(nodes).fill(1)],
    groups: null,
    entriesAt: () => entries,
    computed: () => 0,
  }
  const most = each === null ? squaring * nodes ** 3 * Math.log2(count) : undefined
  const found = propagate(chain, [count], false, most).horizons[0] ?? null
  if (found === null) return each === null ? bySquares(grid, first, count, start) : refuse(tooMany)
  const [exit, survive] = found.values as [number, number]
  return sound({ exit, survive })
}

function meanEntriesOf(grid: RadialGrid, { first, each }: Steps, reach: number): number {
  const some = each === null ? [first] : [0, 1, 2, 3, 4].map((k) => each[Math.floor((k * (each.length - 1)) / 4)]!)
  return some.reduce((sum, step) => sum + grid.entriesOf(step, reach), 0) / some.length
}

/** Repeated squaring of the kernel is faster if the steps are equal and the chain settles very slowly. */
function bySquares(grid: RadialGrid, step: RadialStep, count: number, start: number): Ends {
  const size = grid.nodes.length
  let exit: Float64Array = new Float64Array(size)
  let survive: Float64Array = new Float64Array(size).fill(1)
  const { matrix, ended } = grid.stage(step, Number.POSITIVE_INFINITY)
  let power: Matrix = { size, values: matrix.dense() }
  let powerExit = ended
  for (let rest = count - 1; rest > 0; ) {
    if (rest % 2 === 1) {
      exit = times(power.values, exit).map((later, i) => later + powerExit[i]!)
      survive = times(power.values, survive)
    }
    rest = Math.floor(rest / 2)
    if (rest === 0) break
    const known = powerExit
    powerExit = times(power.values, known).map((later, i) => later + known[i]!)
    power = product(power, power)
  }
  const row = grid.row(start, step)
  return sound({ exit: grid.exit(start, step) + dot(row, exit), survive: dot(row, survive) })
}

/** Replaces the larger probability by 1 minus the smaller one, because rounding could make the larger one exceed 1. */
function sound({ exit, survive }: Ends): Ends {
  return exit < survive ? { exit, survive: 1 - exit } : { exit: 1 - survive, survive }
}

/**
 * Returns two properties of a chain of equal steps without a horizon: the mean number of steps until it first leaves
 * the ball, and the probability that a trial that has survived many steps leaves in the next step (1 minus
 * the leading eigenvalue of the kernel). Elimination without subtraction (Grassmann, Taksar and Heyman, 1985) loses no
 * digit, even if a row of the kernel sums to 1 - 1e-12. Values beyond the range of doubles are infinite or NaN.
 */
export function radialEver(
  { dimension, rho, scale }: Contraction,
  { radius, start }: Omit<BallStart, 'steps'>,
  nodesPerScale = 5,
): { readonly meanExit: number; readonly rate: number } {
  const step = { rho: rho(0), scale: scale(0) }
  const grid = new RadialGrid(dimension, radius, Math.ceil((nodesPerScale * radius) / step.scale) + 26)
  const stage = grid.stage(step, Number.POSITIVE_INFINITY)
  const visits = visitsByElimination(stage)
  const expected = visits(grid.row(start, step))
  const meanExit = expected.reduce((sum, times) => sum + times, 1)
  return { meanExit, rate: Number.isFinite(meanExit) ? settle(stage.ended, visits, expected).rate : Number.NaN }
}
