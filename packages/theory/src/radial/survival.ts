import { elementary } from '@driftfarm/formula'
import { noncentralUpperTail } from '@driftfarm/statistics'
import type { Refusal } from '../chain.ts'
import { dot, RadialGrid, type RadialStep, squared, times } from './grid.ts'

/** The chain R_{n+1} = |rho_n R_n e_1 + s_n xi| in a ball, xi a standard Gaussian vector. */
export interface RadialChain {
  readonly dimension: number
  /** rho_n in [0, 1], for n = 0, 1, ..; a number means the same at all steps. */
  readonly rho: number | ((n: number) => number)
  /** s_n >= 0; a number means the same at all steps. */
  readonly scale: number | ((n: number) => number)
  /** The radius of the open ball. */
  readonly radius: number
  /** R_0, in [0, radius). */
  readonly start: number
  readonly steps: number
}

export interface RadialSurvival {
  /** P(R_n >= radius for some n <= steps). A sum of positive terms, so the relative accuracy is kept even at 1e-25. */
  readonly exit: number
  /** P(R_n < radius for all n <= steps), with the same accuracy. */
  readonly survive: number
  /** The largest relative difference of the two from those at another resolution, plus what was left out. */
  readonly error: number
}

/** Nodes for each standard deviation of the narrowest step, at which the error of the rule is below rounding. */
const density = [3.5, 5] as const
const fewest = [18, 26] as const
/** A matrix with more nodes than this would take more than 18 MB. */
const mostNodes = 1500
/** The largest number of multiplications: some two seconds, with those of the coarser resolution. */
const mostWork = 2e9
/** The cost of one entry of a kernel, in multiplications. */
const entryCost = 60
/**
 * The last steps are left out if their marginal tails sum to less than this share of the total: an annealed step
 * becomes too narrow to resolve.
 */
const negligible = 1e-13

/**
 * The exact survival of the radial chain, by Nystrom's method on [0, radius), backwards from the last step; or the
 * reason why the chain cannot be resolved.
 */
export function radialSurvival(chain: RadialChain): RadialSurvival | Refusal {
  const { dimension, radius, start } = chain
  if (!(start < radius)) return { exit: 1, survive: 0, error: 0 }
  const plan = typeof chain.rho === 'number' && typeof chain.scale === 'number' ? homogeneous(chain) : varying(chain)
  if ('reason' in plan) return plan
  const { steps, left } = plan
  if (steps.count === 0) return { exit: 0, survive: 1, error: 0 }
  const counts = density.map((each, i) => Math.ceil((each * radius) / steps.narrowest) + fewest[i]!)
  const largest = counts[1]!
  if (largest > mostNodes)
    return { reason: `steps of ${steps.narrowest.toPrecision(3)} in a ball of ${radius} need ${largest} nodes` }
  const square = largest * largest
  const work =
    steps.each !== null
      ? steps.count * square * entryCost
      : isStepwise(steps.count, largest)
        ? 2 * steps.count * square
        : largest * square * Math.log2(steps.count)
  if (work > mostWork)
    return { reason: `${steps.count} ${steps.each === null ? '' : 'different '}steps on ${largest} nodes are too many` }
  const [coarse, fine] = counts.map((count) => {
    const grid = new RadialGrid(dimension, radius, count)
    return steps.each === null ? repeated(grid, steps.first, steps.count, start) : backwards(grid, steps.each, start)
  }) as [Ends, Ends]
  const off = (key: keyof Ends) => (fine[key] === 0 ? 0 : Math.abs(coarse[key] / fine[key] - 1))
  return { ...fine, error: Math.max(off('exit'), off('survive')) + left }
}

interface Steps {
  readonly first: RadialStep
  /** null where all steps are equal to `first`. */
  readonly each: readonly RadialStep[] | null
  readonly count: number
  readonly narrowest: number
}

function homogeneous({ dimension, rho, scale, radius, start, steps }: RadialChain): { steps: Steps; left: number } {
  const first = { rho: rho as number, scale: scale as number }
  // No R_n has a larger mean or a larger variance than the values used here.
  const square = first.rho * first.rho
  const share = square < 1 ? (1 - elementary.power(square, steps)) / (1 - square) : steps
  const deviation = first.scale * Math.sqrt(share)
  const hopeless = first.scale === 0 || noncentralUpperTail(radius / deviation, dimension, start / deviation) === 0
  return { steps: { first, each: null, count: hopeless ? 0 : steps, narrowest: first.scale }, left: 0 }
}

function varying(chain: RadialChain): { steps: Steps; left: number } | Refusal {
  const rhoOf = ({ rho }: RadialChain, n: number) => (typeof rho === 'number' ? rho : rho(n))
  const scaleOf = ({ scale }: RadialChain, n: number) => (typeof scale === 'number' ? scale : scale(n))
  const { dimension, radius, start, steps } = chain
  if (steps > 1e6) return { reason: `${steps} different steps are too many` }
  const each: RadialStep[] = []
  const tails: number[] = []
  // A step of scale 0 cannot leave the ball; its rho is multiplied into that of the next step.
  let carried = 1
  let mean = start
  let variance = 0
  for (let n = 0; n < steps; n++) {
    const rho = rhoOf(chain, n)
    const scale = scaleOf(chain, n)
    mean *= rho
    variance = rho * rho * variance + scale * scale
    carried *= rho
    if (scale === 0) continue
    const deviation = Math.sqrt(variance)
    each.push({ rho: carried, scale })
    tails.push(noncentralUpperTail(radius / deviation, dimension, mean / deviation))
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
    steps: { first: each[0] ?? { rho: 1, scale: 0 }, each, count: all === 0 ? 0 : each.length, narrowest },
    left: largest === 0 ? 0 : left / largest,
  }
}

interface Ends {
  readonly exit: number
  readonly survive: number
}

function backwards(grid: RadialGrid, steps: readonly RadialStep[], start: number): Ends {
  let exit: Float64Array = new Float64Array(grid.nodes.length)
  let survive: Float64Array = new Float64Array(grid.nodes.length).fill(1)
  for (let n = steps.length - 1; n > 0; n--) {
    const step = steps[n]!
    const kernel = grid.kernel(step)
    const out = grid.exits(step)
    exit = times(kernel, exit).map((later, i) => later + out[i]!)
    survive = times(kernel, survive)
  }
  return first(grid, steps[0]!, start, { exit, survive })
}

/** Whether single steps cost less than squaring the kernel repeatedly. */
const isStepwise = (count: number, size: number): boolean => count < 2 * size * Math.log2(count + 1)

/**
 * The same kernel for all steps: applied step by step, or by its squares where there are many more steps than nodes.
 */
function repeated(grid: RadialGrid, step: RadialStep, count: number, start: number): Ends {
  const size = grid.nodes.length
  const kernel = grid.kernel(step)
  const out = grid.exits(step)
  let exit: Float64Array = new Float64Array(size)
  let survive: Float64Array = new Float64Array(size).fill(1)
  if (isStepwise(count, size)) {
    for (let n = 1; n < count; n++) {
      exit = times(kernel, exit).map((later, i) => later + out[i]!)
      survive = times(kernel, survive)
    }
    return first(grid, step, start, { exit, survive })
  }
  let power = kernel
  let powerExit = out
  for (let rest = count - 1; rest > 0; ) {
    if (rest % 2 === 1) {
      exit = times(power, exit).map((later, i) => later + powerExit[i]!)
      survive = times(power, survive)
    }
    rest = Math.floor(rest / 2)
    if (rest === 0) break
    const known = powerExit
    powerExit = times(power, known).map((later, i) => later + known[i]!)
    power = squared(power, size)
  }
  return first(grid, step, start, { exit, survive })
}

/** One value for each node. */
type Later = { readonly [end in keyof Ends]: Float64Array }

/** The first step, from the start of the chain, which is not a node. */
function first(grid: RadialGrid, step: RadialStep, start: number, { exit, survive }: Later): Ends {
  const row = grid.row(start, step)
  const left = grid.exit(start, step) + dot(row, exit)
  const stayed = dot(row, survive)
  // Each is computed from the smaller of the two, since rounding could make the larger exceed 1.
  return left < stayed ? { exit: left, survive: 1 - left } : { exit: 1 - stayed, survive: stayed }
}
