import { stepsAtMost, summandsOf } from '@driftfarm/database'
import type { Cell } from '@driftfarm/spec'
import { settings } from '../settings.ts'
import type { BatchTask, Engine } from '../task.ts'

/** Time limit for computing a batch, in ms. */
export function deadlineOf(
  { secondsPerTrial, count, cut }: Pick<BatchTask, 'secondsPerTrial' | 'count' | 'cut'>,
  engine: Engine,
  cell: Cell,
  minMs: number,
): number {
  const trial =
    secondsPerTrial ??
    stepsAtMost(cell) * cell.landscape.dimension * summandsOf(cell) * settings.uncalibratedSecondsPerStep
  // A batch with a cut may be computed twice: first as a whole, to find the event after which it is cut, and then again
  // as two parts.
  const passes = cut === null ? 1 : 2
  const slowness = engine === 'reference' ? settings.referenceSlowness : 1
  return Math.max(minMs, 1_000 * settings.deadlineFactor * passes * slowness * trial * count)
}
