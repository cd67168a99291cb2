import { elementary } from '@driftfarm/formula'
import { exitFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { latticeAnswers } from '../lattice/latticeAnswers.ts'
import { hasFiniteDrift } from '../lattice/steps.ts'
import { lineReach, meshesOf, type Survey, surveyOf } from '../mesh/meshes.ts'
import { nodeChain } from '../mesh/nodeChain.ts'
import { oracleChain } from '../mesh/walk.ts'
import { tiny } from '../question/answer.ts'
import { coursesOf, mergeCourses, regionFinder } from '../question/course.ts'
import { radialAnswers } from '../radial/radialAnswers.ts'
import { dependsOnMore, type NotApplicable, refuse, unlessRefused } from '../refusal.ts'
import type { OracleAnswer } from '../shapes/oracle.ts'
import { type ComputedAnswer, evaluate, type Findings, maxStates } from './evaluate.ts'
import { type AnswerError, answerOf, errorsOf, informativeAnswers, lostShare, type Resolved } from './resolved.ts'

export interface ChainSize {
  readonly states: number
  /** The approximate number of pairs of states that a step can connect. */
  readonly entries: number
}

export interface OracleOptions {
  /** Shorter horizons, which are requested in addition to the cell's own horizon. */
  readonly horizons?: readonly number[]
  /**
   * Factor on the usual number of nodes at the first resolution. The default is 1. A value below 1 gives coarse
   * answers, with which the reporting of errors can be tested.
   */
  readonly density?: number
  /** The maximum number of resolutions to try. */
  readonly rounds?: number
  /**
   * In a plane, the oracle computes a chain for each resolution and each set of questions. Before each chain, it calls
   * this function with the size of the chain.
   */
  readonly onSize?: (size: ChainSize) => void
}

const defaults = { density: 1, rounds: 5 } as const
/**
 * A mesh covers a box. The first box contains all reachable points whose loss is at most `depth` temperatures above the
 * highest pass. In a direction of curvature h, the temperature of a chain is 1 / (1 - eta h / 2) times that of its
 * diffusion limit, so more mass leaves the box. On a line, the box is widened if too much mass leaves. In a plane, the
 * first box is already large enough. Each resolution has `growth` times as many nodes along an axis as the one before.
 * The oracle stops refining when the answers at two resolutions differ by less than `tolerance`, a relative amount. The
 * tolerance of a plane is higher, because a third resolution of a plane takes a minute.
 */
const refinement = {
  line: { depth: 36, nodes: 1, growth: 1.33, tolerance: 1e-10 },
  plane: { depth: 80, nodes: 0.58, growth: 1.2, tolerance: 1e-9 },
} as const
/**
 * These exponents decide which long jumps are omitted. On a line, a jump is omitted if it is less likely than
 * exp(-`usual`) times the probability of the rarest answer. In a plane, it is omitted if it is less likely than
 * exp(-`usual`) times the probability of a passage over the barrier. If the omitted jumps cause too large an error in a
 * plane, the next resolution replaces `usual` by a larger exponent, at most `rarest`.
 */
const jumps = { usual: 36, rarest: 56 } as const
const mostCoarser = 2
/**
 * In a plane, matrices grow with the fourth power of the number of nodes along an axis. On a line, breaks of the noise
 * density (jumps and kinks) make meshes larger.
 */
const maxRounds = { plane: 3, breaks: 4 } as const
/**
 * On a line, the oracle computes up to this many further resolutions if too much mass still leaves the box, as with the
 * tails of the laplace distribution.
 */
const furtherRounds = 4
/**
 * All resolutions on a line together may take this many multiplications, which take a few seconds. The first
 * resolution is computed even if it exceeds this limit.
 */
const maxWork = 3e9

/**
 * Returns the probabilities and means of a cell's events, exact except for rounding and quadrature. The method solves
 * the chain's integral equation on Gauss-Legendre nodes (Nystrom's method), at growing resolutions until two agree.
 * Except at kinks of the density, only non-negative numbers are added, so small probabilities have as many correct
 * digits as large ones.
 *
 * The oracle computes answers for cells in one and two dimensions. It also answers two kinds of cells in any dimension.
 * One kind has an isotropic quadratic loss and trials that escape from a ball about its centre. The other has a drift
 * that takes finitely many values, and its answer is a sum over the points that trials reach. For any other cell, the
 * oracle returns the reason why there is no answer.
 */
export function oracle(cell: Cell, tables: Tables, options: OracleOptions = {}): OracleAnswer | NotApplicable {
  const horizons = [...new Set([...(options.horizons ?? []), cell.trial.steps])].sort((a, b) => a - b)
  if (hasFiniteDrift(cell)) {
    const found = unlessRefused(() => latticeAnswers(cell, tables, horizons))
    return informativeAnswers(found, 'rounding of long sums')
  }
  const { dimension } = cell.landscape
  const isPlane = dimension === 2
  const radially = () =>
    informativeAnswers(
      unlessRefused(() => radialAnswers(cell, tables, horizons)),
      'the last two resolutions differ by this much',
    )
  const radial = dimension > 1 ? radially() : null
  if (radial !== null && 'reason' in radial && !isPlane)
    return {
      reason:
        `in dimension ${dimension}, exact answers exist only for escape from a ball in an isotropic quadratic loss; ` +
        `here ${radial.reason}`,
    }
  if (radial !== null && !('reason' in radial)) {
    // In a plane, the radial chain is a hundred times as fast as a mesh. If only the mean exit step or the rate is
    // missing, a mesh could not compute it either. Other missing answers, such as marks and classes, need a mesh.
    if (!isPlane || radial.missing.every(({ name }) => name === 'meanExitStep' || name === 'rate')) return radial
  }
  const found = unlessRefused(() => byQuadrature(cell, tables, horizons, options))
  if (!('reason' in found)) return found
  const instead = radial ?? radially()
  return 'reason' in instead ? found : instead
}

function byQuadrature(cell: Cell, tables: Tables, horizons: readonly number[], options: OracleOptions): OracleAnswer {
  const isLine = cell.landscape.dimension === 1
  const { density, rounds } = { ...defaults, ...options }
  const { growth: grow, tolerance, ...first } = refinement[isLine ? 'line' : 'plane']
  const chain = oracleChain(cell, tables)
  if (chain.beta > 0 && (cell.trial.converge?.hold ?? 1) > 1)
    refuse('with momentum, a convergence `hold` above 1 is not supported')
  const exits = exitFunction(cell, tables, chain.start)
  if (exits.needsMore) refuse(dependsOnMore)

  const regionAt = regionFinder(exits)
  let last: { readonly depth: number; readonly survey: Survey } | null = null
  const surveyAt = (depth: number): Survey => {
    if (last?.depth !== depth) last = { depth, survey: surveyOf(cell, chain, regionAt, depth) }
    return last.survey
  }
  const resolved = (
    depth: number,
    nodes: number,
    leftOut: Reach,
    includesUnlimited = true,
  ): Resolved | NotApplicable => {
    const findings: Findings = new Map()
    const missing = new Map<string, string>()
    let states = 0
    let work = 0
    try {
      const { meshAt, regions, reachOf } = meshesOf(surveyAt(depth), nodes)
      const [within, ever] = [reachOf(leftOut.within), reachOf(leftOut.ever)]
      // Jumps longer than the reach are omitted. If answers without a horizon need another reach than answers within a
      // horizon, they get their own pass, which comes first. This pass also computes answers within a horizon, but the
      // last pass replaces them.
      const last = { reach: within, includesUnlimited: includesUnlimited && ever === within }
      const passes = includesUnlimited && ever !== within ? [{ reach: ever, includesUnlimited }, last] : [last]
      for (const course of mergeCourses(coursesOf(cell), regions))
        for (const { reach, includesUnlimited } of passes) {
          const walk = { ...chain, step: (n: number) => ({ ...chain.step(n), reach }) }
          const finite = nodeChain(chain.beta > 0 ? () => meshAt(1) : meshAt, course, walk, horizons.at(-1)!)
          // In one dimension, `onSize` is not called: the size is known only after the matrix is computed, and the work
          // is short.
          if (finite.groups !== null) options.onSize?.({ states: finite.size, entries: finite.entriesAt(1) })
          work += evaluate(finite, course, horizons, includesUnlimited, { findings, missing })
          states = Math.max(states, finite.size)
        }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { reason: error.message }
    }
    return { findings, missing, states, work }
  }

  let depth: number = first.depth
  let nodes = first.nodes * density
  // The probability of an omitted jump is below exp(-within) for answers within a horizon, and below exp(-ever) for
  // other answers.
  let leftOut: Reach = { within: jumps.usual, ever: jumps.usual }
  let best = resolved(depth, nodes, leftOut)
  // A coarse answer is better than none. If no box was found, `last` is null, and a coarser mesh would not help.
  for (let coarser = 0; 'reason' in best && last !== null && coarser < mostCoarser && !isLine; coarser++) {
    nodes /= grow
    best = resolved(depth, nodes, leftOut)
  }
  if ('reason' in best) refuse(best.reason)
  if (isLine) {
    // Without the long jumps, the computed probabilities are too small. A limit that is derived from them is then too
    // small as well, so it never omits too many jumps.
    const rarest = rarestOf(best, horizons.at(-1)!)
    const needed = { within: jumps.usual - rarest.within, ever: jumps.usual - rarest.ever }
    const isCut = (of: number) => lineReach(chain.law, of) > lineReach(chain.law, jumps.usual)
    if (isCut(needed.within) || isCut(needed.ever)) {
      leftOut = needed
      const wider = resolved(depth, nodes, leftOut)
      const why = 'long jumps matter for such a rare event, but the computation with them failed'
      const isTooRare = (found: ComputedAnswer) => isCut(found.isEver ? needed.ever : needed.within)
      best = 'reason' in wider ? without(best, isTooRare, `${why}: ${wider.reason}`) : wider
    }
  }
  let errors = errorsOf(best, null)
  const hasBreaks = chain.law.breaks.length > 0
  const enough = Math.min(rounds, isLine ? (hasBreaks ? maxRounds.breaks : rounds) : maxRounds.plane)
  const most = isLine && options.rounds === undefined ? enough + furtherRounds : enough
  let work = best.work
  let before: Resolved | null = null
  let times = 1
  let stopped: string | null = null
  for (let round = 1; round < most; round++) {
    const leak = Math.max(0, ...[...best.findings.values()].map(lostShare))
    if (round >= enough && leak <= tolerance / 10) break
    if (isLine && isLeakAlone(best, errors) && keepsLeaking(best, before, most - round, tolerance)) break
    const isLeaking = leak > tolerance / 10
    const more = isLine && isLeaking ? 1.8 : 1.25
    const isLong = isLine && work + best.work * Math.max(times, grow * grow * more) > maxWork
    if (isLong && round > 1) {
      stopped = tooLong.reason
      break
    }
    if (isLeaking && !isLine) {
      const most = Math.min(jumps.rarest, leftOut.within + elementary.log((1000 * leak) / tolerance))
      leftOut = { within: most, ever: most }
    }
    // Answers without a horizon need an elimination. A finer mesh may have too many states for an elimination, although
    // the present mesh has few enough.
    const keepsEver = !hasBreaks || best.states > maxStates || best.states * grow <= maxStates
    const refused = isLong ? tooLong : keepsEver || isLeaking ? null : tooManyStates
    const next = refused ?? resolved(depth * more, nodes * grow, leftOut, keepsEver)
    if (round === 1 && ('reason' in next || !keepsEver)) {
      // If a finer mesh is too large, a coarser one in a smaller box is used for the comparison.
      const hasEver = [...best.findings.values()].some(({ isEver }) => isEver)
      const coarser = resolved(depth / more, nodes / grow, leftOut, hasEver)
      if (!('reason' in coarser)) errors = errorsOf(best, coarser)
    }
    if ('reason' in next) {
      stopped = next.reason
      break
    }
    errors = errorsOf(next, best, errors)
    before = best
    times = next.work / best.work
    best = keepingBetter(next, best)
    work += next.work
    depth *= more
    nodes *= grow
    // In a plane, a finer mesh does not reduce the error due to omitted jumps.
    const isEnough = (name: string, found: ComputedAnswer) =>
      errors.get(name)!.error <= tolerance || (!isLine && errors.get(name)!.error <= lostShare(found))
    if ([...next.findings].every(([name, found]) => isEnough(name, found))) break
  }
  return answerOf(cell, chain, best, errors, stopped)
}

/** A number for answers within a horizon, and one for answers without a horizon. */
type Reach = ReturnType<typeof rarestOf>

const tooLong: NotApplicable = { reason: 'a finer resolution would take too long' }
const tooManyStates: NotApplicable = { reason: 'a finer resolution would have too many states' }

/**
 * Returns whether the remaining resolutions are useless, because too much mass leaves the box. Each of them is expected
 * to reduce the lost share of an answer by the same factor as the last resolution did. They are useless if every lost
 * share above the tolerance would stay above it and would fall by less than a factor of 10.
 */
function keepsLeaking(best: Resolved, before: Resolved | null, left: number, tolerance: number): boolean {
  if (before === null) return false
  return [...best.findings].every(([name, found]) => {
    const leak = lostShare(found)
    if (leak <= tolerance) return true
    const known = before.findings.get(name)
    const share = known === undefined ? 0 : elementary.power(leak / lostShare(known), left)
    return share > 0.1 && leak * share > tolerance
  })
}

/**
 * Returns log(p / steps) and log(q). Here p is the probability of the rarest answer within a horizon, and q is the
 * probability of the rarest answer without a horizon.
 */
function rarestOf({ findings }: Resolved, steps: number) {
  const least = { within: 1, ever: 1 }
  for (const { value, isEver } of findings.values()) {
    const kind = isEver ? 'ever' : 'within'
    // A positive answer within a horizon that is below `tiny` counts as `tiny`. It is not ignored, because the omitted
    // long jumps may make it much larger.
    if (value > (isEver ? tiny : 0)) least[kind] = Math.min(least[kind], Math.max(value, tiny))
  }
  return { within: elementary.log(least.within / steps), ever: elementary.log(least.ever) }
}

function without(resolved: Resolved, holds: (found: ComputedAnswer) => boolean, reason: string): Resolved {
  const [findings, missing] = [new Map(resolved.findings), new Map(resolved.missing)]
  for (const [name, found] of resolved.findings)
    if (holds(found)) {
      findings.delete(name)
      missing.set(name, reason)
    }
  return { ...resolved, findings, missing }
}

function isLeakAlone({ findings }: Resolved, errors: ReadonlyMap<string, AnswerError>): boolean {
  return [...findings].every(([name, found]) => errors.get(name)!.error <= lostShare(found))
}

/** Keeps the answers of `before` that `next` lacks, because some answers need a mesh with fewer states. */
function keepingBetter(next: Resolved, before: Resolved): Resolved {
  const findings = new Map([...before.findings, ...next.findings])
  return { ...next, findings, missing: new Map([...next.missing].filter(([name]) => !findings.has(name))) }
}
