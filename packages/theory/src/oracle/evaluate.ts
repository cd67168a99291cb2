import { parseEstimate, printEstimate } from '@driftfarm/spec'
import { settleByAggregation, visitsByAggregation } from '../chain/aggregation.ts'
import { rateOf, type Settled, settle, visitsByElimination } from '../chain/elimination.ts'
import type { FiniteChain, Stage } from '../chain/finiteChain.ts'
import { type Ever, type PropagationResult, propagate } from '../chain/propagate.ts'
import type { Mesh } from '../mesh/lineMesh.ts'
import { buildChain, buildMomentumChain } from '../mesh/nodeChain.ts'
import type { OracleChain } from '../mesh/walk.ts'
import type { Method } from '../question/answer.ts'
import type { Course } from '../question/course.ts'

export interface ComputedAnswer {
  /** A computed probability may be outside [0, 1] because of its error. */
  readonly value: number
  /** The possible error due to trials that leave the box. For a probability, this error is P(left the box). */
  readonly lost: number
  readonly isProbability: boolean
  readonly isEver: boolean
  readonly method: Method
}

export type Findings = Map<string, ComputedAnswer>

export interface CourseEvaluation {
  readonly meshAt: (n: number) => Mesh
  readonly course: Course
  readonly chain: OracleChain
  /** Ascending. The last one is the cell's own horizon. */
  readonly horizons: readonly number[]
  readonly includesUnlimited: boolean
  readonly onSize?: (size: ChainSize) => void
}

export interface ChainSize {
  readonly states: number
  /** The approximate number of pairs of states that a step can connect. */
  readonly entries: number
}

export interface Evaluated {
  readonly findings: Findings
  readonly missing: Map<string, string>
}

export const maxStates = 4000
/**
 * Limits for an elimination. In a plane, the mesh may be so coarse that a row of the matrix sums to more than 1. The
 * result of an elimination is then useless if trials take many steps to end, so the limit is lower.
 */
const maxMultiplications = { line: 1e9, plane: 3e8 } as const

export interface EvaluationCost {
  readonly states: number
  /** In multiplications, or operations that take as long. */
  readonly work: number
}

/** Computing one entry of a matrix takes as long as this many multiplications. */
const perEntry = 10

export function evaluate(
  { meshAt, course, chain, horizons, includesUnlimited, onSize }: CourseEvaluation,
  { findings, missing }: Evaluated,
): EvaluationCost {
  const last = horizons.at(-1)!
  const finite = chain.beta > 0 ? buildMomentumChain(meshAt(1), course, chain) : buildChain(meshAt, course, chain, last)
  // In one dimension, `onSize` is not called: the size is known only after the matrix is computed, and the work is
  // short.
  if (finite.groups !== null) onSize?.({ states: finite.size, entries: finite.entriesAt(1) })
  const requested = includesUnlimited ? everNames(course) : []
  const isSmall = requested.length > 0 && isEliminable(finite)
  const followed = propagate(
    finite,
    horizons,
    requested.length > 0 && finite.isStationary && finite.groups === null && !isSmall,
  )
  for (const [at, result] of followed.horizons.entries()) {
    const horizon = horizons[at]!
    for (const [q, { name, stands }] of course.questions.entries()) {
      // Questions about the state at the horizon are answered only for the last horizon.
      if (stands !== null && horizon !== last) continue
      const full = horizon === last ? name : printEstimate({ ...parseEstimate(name)!, horizon })
      if (result === null) missing.set(full, `${horizon} steps are too many: the chain settles too slowly`)
      else
        findings.set(full, {
          value: result.values[q]!,
          lost: result.lost,
          isProbability: true,
          isEver: false,
          method: 'nystrom',
        })
    }
  }
  if (requested.length > 0) answerEver({ course, finite, followed, isSmall, asked: requested }, { findings, missing })
  const elimination = isSmall ? eliminationOf(finite) : 0
  return { states: finite.size, work: perEntry * finite.computed() + followed.work + elimination }
}

interface UnlimitedEvaluation {
  readonly course: Course
  readonly finite: FiniteChain
  readonly followed: PropagationResult
  readonly isSmall: boolean
  readonly asked: readonly string[]
}

function answerEver(
  { course, finite, followed, isSmall, asked: requested }: UnlimitedEvaluation,
  { findings, missing }: Evaluated,
): void {
  const { ever, method } = isSmall
    ? ({ ever: eliminated(finite), method: 'nystrom-gth' } as const)
    : finite.isStationary && finite.groups !== null
      ? ({ ever: aggregated(finite, finite.groups, course.meanName !== null), method: 'nystrom-aggregation' } as const)
      : ({ ever: followed.ever, method: 'nystrom' } as const)
  if (ever === null || !Number.isFinite(ever.steps)) {
    const reason = !finite.isStationary
      ? 'the step size or the noise scale changes with the step'
      : ever === null
        ? `${finite.size} states are too many for Gaussian elimination, ` +
          'and the chain settles too slowly for step-by-step propagation'
        : 'trials may never end'
    for (const name of requested) missing.set(name, reason)
    return
  }
  const put = (name: string, value: number, lost: number) =>
    findings.set(name, { value, lost, isProbability: false, isEver: true, method })
  for (const [q, { everName }] of course.questions.entries())
    if (everName !== null)
      findings.set(everName, { value: ever.values[q]!, lost: ever.lost, isProbability: true, isEver: true, method })
  if (course.meanName === null) return
  if (ever.steps < 1 || (ever.rate ?? 0) < 0) {
    // If the density has a kink in a panel, nodes of the panel may have negative mass. Positive and negative masses
    // cancel, so rounding errors hide rates below about 1e-30.
    for (const name of [course.meanName, 'rate']) missing.set(name, 'trials end too rarely: rounding hides the result')
    return
  }
  // If a trial leaves the box and returns, its later steps are missing from the mean. After its return, such a trial
  // takes on average about as many steps as a new trial.
  put(course.meanName, ever.steps, (ever.lost / Math.max(0, 1 - ever.lost)) * ever.steps)
  if (ever.rate === null) missing.set('rate', 'trials end too soon to have a rate')
  else put('rate', ever.rate, ever.leak)
}

function isEliminable(chain: FiniteChain): boolean {
  const most = chain.groups === null ? maxMultiplications.line : maxMultiplications.plane
  return chain.isStationary && chain.size <= maxStates && eliminationOf(chain) <= most
}

function eliminationOf({ size, stage }: FiniteChain): number {
  const band = stage(1).matrix.entries / size
  return (size * band * band) / 3
}

function everNames({ questions, meanName }: Course): string[] {
  return [...questions.flatMap(({ everName }) => everName ?? []), ...(meanName === null ? [] : [meanName, 'rate'])]
}

function eliminated(chain: FiniteChain): Ever {
  const stage = chain.stage(1)
  const visits = visitsByElimination(chain, stage)
  const { mass } = chain.first
  return { ...everOf(chain, visits.from(mass)), ...rateIn(stage, settle(chain, stage, visits, mass)) }
}

function aggregated(chain: FiniteChain, groups: Int32Array, includesRate: boolean): Ever {
  const expected = visitsByAggregation(chain, groups).from(chain.first.mass)
  const ever = everOf(chain, expected)
  if (!includesRate || !Number.isFinite(ever.steps)) return ever
  return { ...ever, ...rateIn(chain.stage(1), settleByAggregation(chain, groups, expected)) }
}

function rateIn({ lost }: Stage, { mass, rate }: Settled): Pick<Ever, 'rate' | 'leak'> {
  return { rate, leak: rateOf(mass, lost) }
}

function everOf(chain: FiniteChain, expected: Float64Array): Ever {
  const stage = chain.stage(1)
  const sum = (part: Float64Array | null) =>
    expected.reduce((total, times, i) => total + times * (part === null ? 1 : part[i]!), 0)
  return {
    values: stage.absorbed.map((part, q) => chain.first.absorbed[q]! + sum(part)),
    lost: chain.first.lost + sum(stage.lost),
    steps: 1 + sum(null),
    rate: null,
    leak: 0,
  }
}
