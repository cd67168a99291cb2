import { LRUCache } from 'lru-cache'
import type { End, RecordLayout } from '../outcome/outcome.ts'
import { decodeOutcome } from '../outcome/record.ts'
import type { BatchResult } from '../outcome/tally.ts'

/** The engines, both of which can train. */
type Run = (
  first: number,
  count: number,
  options: { readonly keep: true; readonly horizons: []; readonly theta: true; readonly stop?: Int32Array },
) => BatchResult

/** How training runs ended, and where, one after the other. After a run that diverged, the point is NaN. */
export interface Trained {
  readonly ends: readonly End[]
  readonly points: Float64Array
}

/**
 * The training runs of trials `first` .. `first + count - 1`. A trial that starts at NaN diverges at once. Returns null
 * if the stop flag was set.
 */
export function trainedStarts(
  run: Run,
  layout: RecordLayout,
  { first, count }: { readonly first: number; readonly count: number },
  stop?: Int32Array,
): Trained | null {
  const { completed, records, theta } = run(first, count, {
    keep: true,
    horizons: [],
    theta: true,
    ...(stop !== undefined && { stop }),
  })
  if (!completed) return null
  const [points, dimension] = [theta!, theta!.length / count]
  const ends = Array.from({ length: count }, (_, i) => decodeOutcome(records!, layout, i).end)
  for (const [i, end] of ends.entries())
    if (end === 'diverged') points.fill(Number.NaN, i * dimension, (i + 1) * dimension)
  return { ends, points }
}

/** Keeps training runs beyond this process. */
export interface TrainedStore {
  /** `key` is the id of the cell whose first trial is the run, and its shape. */
  read(key: string): Trained | null
  write(key: string, trained: Trained): void
}

/** Largest number of coordinates in all cached points together. */
const cachedNumbers = 2 ** 22

/** The first training run by the id of its cell, so that cells that differ in other parts share it. */
export const trainedOnce = () =>
  new LRUCache<string, Trained>({ maxSize: cachedNumbers, sizeCalculation: ({ points }) => points.length })

const known = trainedOnce()

/**
 * The training run with this key, if it is kept. Otherwise `train` makes it, and it is kept from then on. Returns null
 * if `train` does.
 */
export function keptTraining(
  key: string,
  store: TrainedStore | undefined,
  train: () => Trained | null = () => null,
): Trained | null {
  const kept = known.get(key) ?? store?.read(key) ?? null
  const found = kept ?? train()
  if (found !== null) known.set(key, found)
  if (found !== null && kept === null) store?.write(key, found)
  return found
}
