import { dot, elementary } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import type { Family } from '../evidence/evidence.ts'
import { type Columns, designOf, independent, undetermined } from './design.ts'
import type { CellCount, Link } from './family.ts'
import { type Fit, fitFrom } from './fit.ts'
import { type Design, inColumns, leastSquares, orthogonal } from './leastSquares.ts'
import { evaluate, type Maximum, maximise, type Problem, stillToGain } from './maximise.ts'
import { profile } from './profile.ts'
import { sandwich, through } from './sandwich.ts'
import { groupedByNoise } from './sharedNoise.ts'

export interface CountOptions extends Columns {
  readonly family: Family
  readonly link: Link
  readonly confidence: number
}

/**
 * Fits the probabilities or rates of cells, or their logarithms, by a sum of terms. The likelihood does not depend on
 * whether a cell stopped after a given number of events or after a given number of trials.
 *
 * Limits come from the profile likelihood, which treats all cells as independent. If cells share noise, the limits are
 * adjusted by the sandwich estimate of the error of each coefficient (Chandler and Bate, Biometrika 94, 2007).
 *
 *     const cells = [{ x: [20], events: 241, exposure: 1e6 }, ..]
 *     const options = { family: 'poisson', link: 'log', confidence: 0.95, terms: ['1/T'], hasIntercept: true }
 *     fitCells(cells, options).coefficients
 *
 * Throws a StatisticsError if there are fewer cells with events than coefficients, or if a term is a linear combination
 * of others over these cells. It also throws if a cell is invalid, if the best fit is at the edge of the range of the
 * link, or if the correlations of cells that share noise are unknown.
 */
export function fitCells(cells: readonly CellCount[], options: CountOptions): Fit {
  const { family, link } = options
  check(cells, family)
  const design = designOf(options, cells)
  const { basis, columns: upper } = independent(design)
  const why = undetermined(
    design,
    cells.map(({ events }) => events > 0),
  )
  if (why !== null)
    throw new StatisticsError(
      'FIT',
      why,
      'run more trials, or leave terms out: a fit needs at least as many cells with events as coefficients, and the ' +
        'values of the terms must differ between these cells',
    )
  const grouped = groupedByNoise(cells)
  const problem: Problem = { family, link, cells, columns: basis, offset: null }
  const best = maximise(problem, startOf(problem))
  const weighted =
    best === null
      ? null
      : orthogonal(basis.map((column) => column.map((value, i) => value * Math.sqrt(best.parts[i]!.weight))))
  if (
    best === null ||
    weighted === null ||
    weighted.dependent !== null ||
    !(stillToGain(best) < settled) ||
    isAtEdge(best, problem)
  )
    throw new StatisticsError(
      'FIT',
      link === 'log' ? 'no straight line fits the logarithm' : 'no straight line fits',
      `the best line leaves the range 0 to ${family === 'binomial' ? '1' : 'infinity'}; try ` +
        `${link === 'log' ? 'a narrower range of cells, or escapeRate instead of escape' : 'log(..)'}`,
    )
  const working = {
    basis: weighted.basis,
    toCoefficients: through(weighted.columns, upper),
    freedoms: new Float64Array(cells.length).fill(Number.POSITIVE_INFINITY),
  }
  const robust = sandwich(working, grouped)
  const naive = grouped.groups.length === 0 ? robust : sandwich(working, { groups: [], alone: [...cells.keys()] })
  const values = inColumns(upper, best.coefficients)
  const at = { predictor: predictorOf(best, basis), deviance: best.deviance }
  return fitFrom({
    ...options,
    names: design.names,
    sandwich: robust,
    grouped,
    deviance: best.deviance,
    pearson: best.parts.reduce((sum, part) => sum + part.pearson, 0),
    coefficientOf: (own, error, quantile) => {
      const target = best.deviance + (quantile * error) ** 2 / naive.covariance[own]![own]!
      return profile(problem, design, own, { value: values[own]!, target, ...at })
    },
    cells: cells.map(({ x, events, exposure }, i) => {
      const { mean, deviance } = best.parts[i]!
      const observed = events / exposure
      return { x, events, exposure, observed, fitted: mean, residual: (observed < mean ? -1 : 1) * Math.sqrt(deviance) }
    }),
  })
}

const predictorOf = ({ coefficients, parts }: Maximum, basis: Design['columns']): Float64Array =>
  Float64Array.from(parts, (_, i) => basis.reduce((sum, column, k) => sum + coefficients[k]! * column[i]!, 0))

/** If the deviance could still fall by more than this, an edge of the allowed region stopped the search. */
const settled = 1e-6

function isAtEdge({ parts }: Maximum, { family, link, cells }: Problem): boolean {
  return parts.some(
    ({ mean }, i) =>
      (family === 'binomial' && 1 - mean < edge) || (link === 'identity' && mean * cells[i]!.exposure < edge),
  )
}

const edge = 1e-6

function check(cells: readonly CellCount[], family: Family): void {
  const wrong = cells.find(
    ({ x, events, exposure }) =>
      !(
        x.every(Number.isFinite) &&
        Number.isSafeInteger(events) &&
        events >= 0 &&
        exposure > 0 &&
        Number.isFinite(exposure)
      ) ||
      (family === 'binomial' && events > exposure),
  )
  if (wrong !== undefined)
    throw new StatisticsError(
      'FIT',
      `${wrong.events} events in ${wrong.exposure} trials or steps (values of the terms: ${wrong.x.join(', ')})`,
      'terms must be finite numbers, and there cannot be more events than trials',
    )
}

/**
 * Returns the coefficients at which the search starts: those of a least-squares fit, with half an event added to each
 * cell. If this fit fails, or if one of its values is outside the range of the link, the search starts from the pooled
 * probability or rate.
 */
function startOf(problem: Problem): Float64Array {
  const { family, link, cells, columns } = problem
  const points = cells.map(({ events, exposure }) => {
    const count = events + 0.5
    const rate = count / (exposure + 1)
    const relative = (family === 'binomial' ? 1 - rate : 1) / count
    return link === 'log'
      ? { y: elementary.log(rate), variance: relative }
      : { y: rate, variance: rate * rate * relative }
  })
  const names = columns.map((_, at) => String(at))
  try {
    const { coefficients } = leastSquares({ names, columns }, points)
    if (evaluate(problem, coefficients) !== null) return coefficients
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error
  }
  let events = 0
  let exposure = 0
  for (const cell of cells) {
    events += cell.events
    exposure += cell.exposure
  }
  const pooled = events / exposure
  const level = new Float64Array(cells.length).fill(link === 'log' ? elementary.log(pooled) : pooled)
  return Float64Array.from(columns, (column) => dot(column, level))
}
