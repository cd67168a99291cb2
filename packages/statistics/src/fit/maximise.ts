import { cholesky, dot, solveCholesky, zeros } from '@driftfarm/formula'
import type { Family } from '../evidence/evidence.ts'
import { type Link, type Part, partOf } from './family.ts'

/** A likelihood: the predictor of cell i is offset[i] + sum over k of coefficients[k] columns[k][i]. */
export interface Problem {
  readonly family: Family
  readonly link: Link
  readonly cells: readonly { readonly events: number; readonly exposure: number }[]
  readonly columns: readonly Float64Array[]
  readonly offset: Float64Array | null
}

export type Maximum = NonNullable<ReturnType<typeof evaluate>>

const maxRounds = 200
const maxHalvings = 60
/** Relative change of the deviance below which the search ends. */
const enough = 1e-13

/**
 * Maximum likelihood by Fisher scoring (iteratively reweighted least squares). Returns null if the start lies outside
 * the range of the link.
 */
export function maximise(problem: Problem, start: Float64Array): Maximum | null {
  let at = evaluate(problem, start)
  for (let round = 0; at !== null && round < maxRounds; round++) {
    const step = scoringStep(at)
    const { coefficients, deviance } = at
    // Further rounds would take most of the computing time, for a gain that is smaller than the rounding errors.
    if (dot(step, at.score) <= enough * (1 + deviance)) break
    let next: Maximum | null = null
    let share = 1
    for (let halving = 0; halving < maxHalvings; halving++, share /= 2) {
      const reached = evaluate(
        problem,
        coefficients.map((value, k) => value + share * step[k]!),
      )
      if (reached !== null && reached.deviance <= deviance) {
        next = reached
        break
      }
    }
    if (next === null) break
    const gained = at.deviance - next.deviance
    at = next
    if (gained <= enough * (1 + at.deviance)) break
  }
  return at
}

/** Null if the coefficients lie outside the range of the link. */
export function evaluate(problem: Problem, coefficients: Float64Array) {
  const { cells, columns, offset } = problem
  const parts: Part[] = []
  const score = new Float64Array(columns.length)
  const information = zeros(columns.length)
  let deviance = 0
  for (const [i, cell] of cells.entries()) {
    let predictor = offset === null ? 0 : offset[i]!
    for (const [k, column] of columns.entries()) predictor += coefficients[k]! * column[i]!
    const part = partOf(problem, predictor, cell)
    if (part === null) return null
    parts.push(part)
    deviance += part.deviance
    for (const [k, column] of columns.entries()) {
      score[k]! += part.score * column[i]!
      for (let l = 0; l <= k; l++)
        information.values[k * columns.length + l]! += part.weight * column[i]! * columns[l]![i]!
    }
  }
  return Number.isFinite(deviance) ? { coefficients, deviance, parts, score, information } : null
}

function scoringStep({ score, information }: Maximum): Float64Array {
  const lower = cholesky(information)
  return lower === null ? new Float64Array(score.length) : solveCholesky(lower, score)
}

/**
 * The predicted decrease of the deviance in one more step: 0 at a maximum, positive if the search stopped at an edge of
 * the range of the link.
 */
export const stillToGain = (at: Maximum): number => dot(scoringStep(at), at.score)
