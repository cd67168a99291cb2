import { LRUCache } from 'lru-cache'
import type { End, RecordLayout } from '../outcome/outcome.ts'
import { decodeOutcome } from '../outcome/record.ts'
import type { BatchResult } from '../outcome/tally.ts'

/** The engines, both of which can train. */
type Run = (
  first: number,
  count: number,
  options: { readonly keep: true; readonly horizons: []; readonly theta: true; readonly stop?: Int32Array | undefined },
) => BatchResult

export interface TrialRange {
  readonly first: number
  readonly count: number
}

/** How trials ended, and their last points, one after the other. */
export interface TrialEnds {
  readonly ends: readonly End[]
  readonly theta: Float64Array
}

/** Returns null if the stop flag was set. */
export function trialEnds(
  run: Run,
  layout: RecordLayout,
  { first, count }: TrialRange,
  stop?: Int32Array,
): TrialEnds | null {
  const { completed, records, theta } = run(first, count, { keep: true, horizons: [], theta: true, stop })
  if (!completed) return null
  return { ends: Array.from({ length: count }, (_, i) => decodeOutcome(records!, layout, i).end), theta: theta! }
}

/**
 * The training runs of trials `first` .. `first + count - 1`. After a run that diverged, the point is NaN, and a trial
 * that starts there diverges at once. Returns null if the stop flag was set.
 */
export function trainedStarts(...of: Parameters<typeof trialEnds>): TrialEnds | null {
  const trained = trialEnds(...of)
  if (trained === null) return null
  const { ends, theta } = trained
  const dimension = theta.length / ends.length
  for (const [i, end] of ends.entries())
    if (end === 'diverged') theta.fill(Number.NaN, i * dimension, (i + 1) * dimension)
  return trained
}

/** Keeps training runs beyond this process. */
export interface TrainedStore {
  /** `key` is the id of the cell whose first trial is the run, and its shape. */
  read(key: string): TrialEnds | null
  write(key: string, trained: TrialEnds): void
}

/** Largest number of coordinates in all cached points together. */
const cachedNumbers = 2 ** 22

/** The first training run by the id of its cell, so that cells that differ in other parts share it. */
const known = new LRUCache<string, TrialEnds>({
  maxSize: cachedNumbers,
  sizeCalculation: ({ theta }) => theta.length,
})

/**
 * The training run with this key, if it is kept. Otherwise `train` makes it, and it is kept from then on. Returns null
 * if `train` does.
 */
export function keptTraining(
  key: string,
  store: TrainedStore | undefined,
  train: () => TrialEnds | null = () => null,
): TrialEnds | null {
  const kept = known.get(key) ?? store?.read(key) ?? null
  const found = kept ?? train()
  if (found !== null) known.set(key, found)
  if (found !== null && kept === null) store?.write(key, found)
  return found
}
