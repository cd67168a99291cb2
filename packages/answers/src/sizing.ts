import { type Database, talliesOf } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import type { CellSizing, SizingData } from '@driftfarm/report'
import { type Demand, eventNamesOf, parseEvent, probabilityNames, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { countOf, type Sizing, type Sought, sizingOf } from '@driftfarm/statistics'

/** Two of width (or relative), confidence and trials, and optionally a guess of the probability. */
export interface SizingOptions {
  readonly width?: number | undefined
  readonly relative?: number | undefined
  readonly confidence?: number | undefined
  readonly trials?: number | undefined
  readonly probability?: number | undefined
}

/** Sizes by probability, so that equal probabilities are computed once. */
type Known = Map<number, Sizing | null>

/**
 * Computes the third of width, confidence and trials for the first `most` cells. `stored` gives for each cell the
 * number of trials that are done without a gap.
 */
export async function sizingOfSweep(
  sweep: Sweep,
  { width, relative, confidence, trials, probability }: SizingOptions,
  {
    database,
    stored,
    most,
  }: { readonly database: Database | null; readonly stored: Float64Array | null; readonly most: number },
): Promise<SizingData> {
  const sought: Sought = {
    ...(width === undefined ? {} : { width }),
    ...(relative === undefined ? {} : { relative }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(trials === undefined ? {} : { trials }),
    ...(sweep.demand.simultaneous ? { cells: sweep.cellCount } : {}),
  }
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
          : ({ probability: 0.5, from: 'worst' } as const)
    // Probability 1/2 gives the widest interval, but is no basis for a relative width.
    const unknown = relative !== undefined && (guess.from === 'worst' || guess.probability === 0)
    if (!unknown && !known.has(guess.probability)) known.set(guess.probability, sizingOf(guess.probability, sought))
    const sizing = unknown ? null : (known.get(guess.probability) ?? null)
    const numbers = sizing ?? { trials: null, confidence: null, width: null, relative: null }
    cells.push({
      index: cell.index,
      probability: guess.probability,
      from: guess.from,
      trials: numbers.trials,
      confidence: numbers.confidence,
      width: numbers.width,
      relative: numbers.relative,
    })
  }
  return { estimate, sought: third(sought), cells }
}

function third({ trials, confidence }: Sought): SizingData['sought'] {
  return trials === undefined ? 'trials' : confidence === undefined ? 'confidence' : 'width'
}

/** The estimate that the sizes are about: that of the first stop rule, else the first probability that is asked for. */
function estimateOf(sweep: Sweep): string {
  const { until, estimates }: Demand = sweep.demand
  const { cell } = sweep.cell(0)
  const asked = estimates?.find((name) => parseEvent(name)?.horizon === null)
  return until?.rules[0]?.estimate ?? asked ?? probabilityNames(eventNamesOf(cell.trial))[0]!
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
