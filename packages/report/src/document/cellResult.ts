import type { RecordLayout, Tally } from '@driftfarm/kernel'
import { type Check, type Estimate, findingsOf, type Stopped } from '@driftfarm/statistics'
import type { ContrastResult } from './contrast.ts'
import { integer } from './number.ts'
import type { CellResult, Counts, ResultsData } from './results.ts'
import type { SweepSummary } from './sweep.ts'

export interface CellParts {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  readonly layout: RecordLayout
  readonly tally: Tally
  /** The digest as text, as `formatDigest` writes it. */
  readonly digest: string
  readonly estimates: Readonly<Record<string, Estimate>>
  readonly checks: readonly Check[]
  readonly stopped: Stopped | null
  readonly cpuSeconds: number
}

/** Builds a cell of the Results document from what the farm stores. */
export function cellResult(parts: CellParts): CellResult {
  const { index, id, params, layout, tally, digest, estimates, checks, stopped, cpuSeconds } = parts
  return {
    index,
    id,
    params,
    trials: integer(tally.trials),
    counts: countsOf(tally, layout),
    estimates,
    checks,
    stopped,
    steps: String(tally.steps),
    cpuSeconds,
    digest,
  }
}

function countsOf(tally: Tally, layout: RecordLayout): Counts {
  const [escaped = 0, converged = 0, diverged = 0, undecided = 0] = tally.ends
  const other = tally.settled.at(-1) ?? 0
  return {
    escaped: tally.escaped,
    ends: { escaped, converged, diverged, undecided },
    // A single exit without a name is left out, because counts.escaped already counts it.
    exits: byName(layout.exits, tally.exits, (name) => name !== ''),
    settled: {
      ...byName(layout.minima, tally.settled),
      ...(layout.minima.length > 0 || other > 0 ? { other } : {}),
    },
    classes: layout.classes.length === 0 ? {} : byName([...layout.classes, 'other'], tally.classes),
    marks: byName(layout.marks, tally.marks),
    ...(tally.unreached === undefined ? {} : { unreached: tally.unreached }),
  }
}

function byName(names: readonly string[], counts: readonly number[], wanted: (name: string) => boolean = () => true) {
  return Object.fromEntries(names.map((name, at) => [name, counts[at] ?? 0] as const).filter(([name]) => wanted(name)))
}

/** The data of the Results document. Identical findings are merged. */
export function resultsData(
  sweep: Omit<SweepSummary, 'cells' | 'trials'>,
  cells: readonly CellResult[],
  contrasts: readonly ContrastResult[] = [],
): ResultsData {
  const trials = cells.reduce((sum, cell) => sum + BigInt(cell.trials), 0n)
  return { sweep: sweepSummary(sweep, cells.length, trials), cells, contrasts, findings: findingsOf(cells) }
}

export function sweepSummary(
  { id, name, state, seed }: Omit<SweepSummary, 'cells' | 'trials'>,
  cells: number,
  trials: bigint,
): SweepSummary {
  return { id, name, state, seed, cells, trials: integer(trials) }
}
