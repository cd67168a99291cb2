import { type Database, talliesOf } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import type { CellSizing, PlanRequest, SizingData } from '@driftfarm/report'
import { type Demand, eventNamesOf, parseEvent, probabilityNames, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { countOf, type Sizing, type SizingTarget, sizingOf } from '@driftfarm/statistics'

/**
 * Contains two of three parameters: width (or relative), confidence and trials. A guess of the probability is optional.
 * If only one of width and trials is given, the confidence defaults to the confidence in the spec.
 */
export type SizingOptions = NonNullable<PlanRequest['sizing']>

/** Results by probability, so that cells with the same probability share one computation. */
type Known = Map<number, Sizing | null>

/**
 * Computes the parameter that is not given (width, confidence or trials) for each cell with an index below `most`.
 * `stored` contains, for each cell, the number of finished trials before the first unfinished one.
 */
export async function sizingOfSweep(
  sweep: Sweep,
  asked: SizingOptions,
  {
    database,
    stored,
    most,
  }: { readonly database: Database | null; readonly stored: Float64Array | null; readonly most: number },
): Promise<SizingData> {
  const { probability, relative } = asked
  const target = sizingTargetOf(sweep, asked)
  const estimate = estimateOf(sweep)
  const known: Known = new Map()
  const cells: CellSizing[] = []
  for (const cell of sweep.cells()) {
    if (cell.index >= most) break
    const done = stored?.[cell.index] ?? 0
    const guess =
      probability !== undefined
        ? ({ probability, from: 'given' } as const)
        : done > 0 && database !== null
          ? ({ probability: await storedShare(database, cell, done, estimate), from: 'stored' } as const)
          : relative === undefined
            ? ({ probability: 0.5, from: 'worst' } as const)
            : ({ probability: null, from: 'unknown' } as const)
    cells.push(sizedCell(cell.index, guess, target, known))
  }
  return { estimate, sought: third(target), cells }
}

/**
 * Returns the target that the options describe. If only one of width and trials is given, the confidence defaults to
 * the confidence in the spec.
 */
export function sizingTargetOf(sweep: Sweep, { width, relative, confidence, trials }: SizingOptions): SizingTarget {
  const isOne = (width ?? relative) === undefined || trials === undefined
  const level = confidence ?? (isOne ? sweep.demand.confidence : undefined)
  const cells = sweep.demand.simultaneous ? sweep.cellCount : undefined
  return { width, relative, confidence: level, trials, cells }
}

/** Computes the missing parameter for one cell, given a guess of its probability. `known` is a cache of results. */
export function sizedCell(
  index: number,
  { probability, from }: Pick<CellSizing, 'probability' | 'from'>,
  target: SizingTarget,
  known: Known = new Map(),
): CellSizing {
  const basis = probability === 0 && target.relative !== undefined ? null : probability
  if (basis !== null && !known.has(basis)) known.set(basis, sizingOf(basis, target))
  const nothing = { trials: null, confidence: null, width: null, relative: null }
  const sizing = basis === null ? nothing : (known.get(basis) ?? nothing)
  const { trials, confidence, width, relative } = sizing
  return { index, probability, from, trials, confidence, width, relative }
}

function third({ trials, confidence }: SizingTarget): SizingData['sought'] {
  return trials === undefined ? 'trials' : confidence === undefined ? 'confidence' : 'width'
}

/**
 * The estimate for which the trials, the confidence or the width is computed: the estimate of the first stopping rule
 * or, without a stopping rule, the first requested probability.
 */
function estimateOf(sweep: Sweep): string {
  const { until, estimates }: Demand = sweep.demand
  const { cell } = sweep.cell(0)
  const requested = estimates?.find((name) => parseEvent(name)?.horizon === null)
  return until?.rules[0]?.estimate ?? requested ?? probabilityNames(eventNamesOf(cell.trial))[0]!
}

async function storedShare(
  database: Database,
  { id, cell }: ResolvedCell,
  trials: number,
  estimate: string,
): Promise<number> {
  const layout = layoutOf(cell)
  let events = 0
  let counted = 0
  for await (const { count, tally } of talliesOf(database, { id, trials, layout })) {
    events += countOf(estimate, tally, layout)
    counted += count
  }
  return counted === 0 ? 0.5 : events / counted
}
