import { elementary } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import { alphaOf, type Interval } from '../interval/interval.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import { normalQuantile } from '../special/normal.ts'
import type { CellCount } from './cellCount.ts'
import type { Family, Link } from './family.ts'
import { fitLine } from './fitLine.ts'
import { type Free, type Maximum, maximise, type Predictor, type Problem, stillToGain } from './maximise.ts'

export type { CellCount } from './cellCount.ts'
export type { Family, Link } from './family.ts'

export interface Parameter extends Interval {
  readonly value: number
}

export interface FittedCell extends CellCount {
  /** events / exposure, or the mean of values. */
  readonly observed: number
  readonly fitted: number
  /**
   * Signed root of the cell's deviance, with the sign of observed - fitted: about standard normal where events are
   * many.
   */
  readonly residual: number
}

/** link(probability or rate) = intercept + slope x over cells, by maximum likelihood. */
export interface Fit {
  /** normal: means of values, see `fitValues`. */
  readonly family: Family | 'normal'
  readonly link: Link
  readonly slope: Parameter
  readonly intercept: Parameter
  readonly confidence: number
  /**
   * Sum of the squared residuals; about chi-square with `freedom` degrees of freedom if the line holds and events are
   * many.
   */
  readonly deviance: number
  /** Number of cells minus 2. */
  readonly freedom: number
  /** P(chi-square >= deviance); null where `freedom` is 0. */
  readonly pValue: number | null
  /** Pearson's chi-square divided by `freedom`, about 1 if the line holds; null where `freedom` is 0. */
  readonly dispersion: number | null
  /** Factor by which the squared widths of the intervals were multiplied: the dispersion if that is above 1, else 1. */
  readonly scale: number
  readonly cells: readonly FittedCell[]
}

/**
 * Fits a line through the probabilities or rates of cells, or through their logarithms. Cells without events count too,
 * with their zero events. Limits are those of the profile likelihood, widened by the root of the dispersion if that is
 * above 1 (quasi-likelihood). The likelihood is the same whether a count or a number of trials ended a cell.
 *
 *     fitCells([{ x: 20, events: 241, exposure: 1e6 }, ..], { family: 'poisson', link: 'log', confidence: 0.95 }).slope
 *
 * Throws a StatisticsError where no line can be fitted: events in fewer than two cells with different x, or a best line
 * at the edge of what the link allows.
 */
export function fitCells(
  cells: readonly CellCount[],
  { family, link, confidence }: { readonly family: Family; readonly link: Link; readonly confidence: number },
): Fit {
  const alpha = alphaOf(confidence)
  check(cells, family)
  const problem: Problem = { family, link, cells }
  const { centre, start } = firstLine(problem)
  const best = maximise(problem, centre, start, 'both')
  if (best === null || !(stillToGain(best) < settled) || isAtEdge(best, problem))
    throw new StatisticsError(
      'FIT',
      link === 'log' ? 'no line in the logarithm' : 'no line',
      `the most likely one leaves 0 .. ${family === 'binomial' ? '1' : 'infinity'}; try ` +
        `${link === 'log' ? 'a narrower range of cells, or escapeRate instead of escape' : 'log(..)'}`,
    )
  const freedom = cells.length - 2
  const pearson = best.parts.reduce((sum, part) => sum + part.pearson, 0)
  const dispersion = freedom > 0 ? pearson / freedom : null
  const scale = Math.max(1, dispersion ?? 1)
  const z = normalQuantile(1 - alpha / 2)
  const target = best.deviance + z * z * scale
  return {
    family,
    link,
    slope: profile(problem, { centre, best, held: 'slope', target }),
    intercept: profile(problem, {
      centre: 0,
      best: { level: best.level - best.slope * centre, slope: best.slope },
      held: 'level',
      target,
    }),
    confidence,
    deviance: best.deviance,
    freedom,
    pValue: freedom > 0 ? gammaUpperTail(best.deviance / 2, freedom / 2) : null,
    dispersion,
    scale,
    cells: cells.map((cell, i) => {
      const { mean, deviance } = best.parts[i]!
      const observed = cell.events / cell.exposure
      return { ...cell, observed, fitted: mean, residual: (observed < mean ? -1 : 1) * Math.sqrt(deviance) }
    }),
  }
}

/**
 * If the search ends while more likelihood than this could still be gained, an edge of the allowed region stopped it.
 */
const settled = 1e-6

/**
 * Whether a cell is fitted with a probability of 1, or, with the identity link, with one of 0 below which the line
 * would go on.
 */
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
        Number.isFinite(x) &&
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
      `${wrong.events} events of ${wrong.exposure} at ${wrong.x}`,
      'x is a finite number, events count among what was exposed',
    )
  const places = new Set(cells.filter(({ events }) => events > 0).map(({ x }) => x))
  if (places.size < 2)
    throw new StatisticsError(
      'FIT',
      `events at ${places.size === 1 ? 'one value' : 'no value'} of x among ${cells.length} cells`,
      'a line needs events at two values of x at least: run more trials',
    )
}

/**
 * Start of the search: least squares through the cells with half an event added to each, or a level line where that
 * line leaves the region that the link allows.
 */
function firstLine(problem: Problem): { readonly centre: number; readonly start: Predictor } {
  const { family, link, cells } = problem
  const line = fitLine(
    cells.map(({ x, events, exposure }) => {
      const count = events + 0.5
      const rate = count / (exposure + 1)
      const relative = (family === 'binomial' ? 1 - rate : 1) / count
      return link === 'log'
        ? { x, y: elementary.log(rate), variance: relative }
        : { x, y: rate, variance: rate * rate * relative }
    }),
  )
  const { centre } = line
  const start = { level: line.intercept + line.slope * centre, slope: line.slope }
  if (maximise(problem, centre, start, 'level') !== null) return { centre, start }
  let events = 0
  let exposure = 0
  for (const cell of cells) {
    events += cell.events
    exposure += cell.exposure
  }
  const pooled = events / exposure
  return { centre, start: { level: link === 'log' ? elementary.log(pooled) : pooled, slope: 0 } }
}

/** Where the profile deviance, minimised over the other parameter, rises to the target on either side. */
function profile(
  problem: Problem,
  {
    centre,
    best,
    held,
    target,
  }: { readonly centre: number; readonly best: Predictor; readonly held: 'level' | 'slope'; readonly target: number },
): Parameter {
  const free: Free = held === 'level' ? 'slope' : 'level'
  const value = best[held]
  const at = maximise(problem, centre, best, free)
  if (at === null) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const [levels, both, slopes] = at.information
  const [own, other] = held === 'level' ? [levels, slopes] : [slopes, levels]
  const lean = -both / other
  const spread = 1 / Math.sqrt(own + lean * both)
  const beyond = (shift: number): boolean => {
    const predictor = (partner: number): Predictor =>
      held === 'level' ? { level: value + shift, slope: partner } : { level: partner, slope: value + shift }
    const reached: Maximum | null =
      maximise(problem, centre, predictor(best[free] + lean * shift), free) ??
      maximise(problem, centre, predictor(best[free]), free)
    return reached === null || reached.deviance > target
  }
  const limit = (side: 1 | -1): number => {
    let outside = side * spread
    for (let round = 0; !beyond(outside); round++) {
      if (round === mostDoublings) return side * Number.POSITIVE_INFINITY
      outside *= 2
    }
    let inside = 0
    for (let round = 0; round < mostBisections && Math.abs(outside - inside) > 1e-9 * Math.abs(outside); round++) {
      const middle = (inside + outside) / 2
      if (beyond(middle)) outside = middle
      else inside = middle
    }
    return value + outside
  }
  return { value, low: limit(-1), high: limit(1) }
}

const mostDoublings = 60
const mostBisections = 100
