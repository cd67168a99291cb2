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
  /** `key` identifies the run and the code of the kernel. */
  read(key: string): Trained | null
  write(key: string, trained: Trained): void
}

/** Largest number of coordinates in all cached points together. */
const cachedNumbers = 2 ** 22

/** The first training run by the id of its cell, so that cells that differ in other parts share it. */
export const trainedOnce = () =>
  new LRUCache<string, Trained>({ maxSize: cachedNumbers, sizeCalculation: ({ points }) => points.length })

const known = trainedOnce()

export interface TrainingKey {
  /** Id of the cell whose first trial is the training run. */
  readonly id: string
  /** Shape of this cell. */
  readonly shape: string
}

/** The first training run of the kernel, if it is known. */
export function knownTraining({ id, shape }: TrainingKey, store: TrainedStore | undefined): Trained | null {
  const found = known.get(id) ?? store?.read(`${id}-${shape}`) ?? null
  if (found !== null) known.set(id, found)
  return found
}

/** `train` runs unless the run is known. If it returns null, so does this function. */
export function keptTraining(key: TrainingKey, store: TrainedStore | undefined, train: () => Trained | null) {
  const kept = knownTraining(key, store)
  if (kept !== null) return kept
  const made = train()
  if (made === null) return null
  known.set(key.id, made)
  store?.write(`${key.id}-${key.shape}`, made)
  return made
}
