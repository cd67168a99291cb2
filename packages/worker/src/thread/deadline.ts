import { stepsAtMost, summandsOf } from '@driftfarm/database'
import type { Cell } from '@driftfarm/spec'
import { settings } from '../settings.ts'
import type { BatchTask } from '../task.ts'

/** Time that a batch may compute, in ms. */
export function deadlineOf({ secondsPerTrial, count, engine, cut }: BatchTask, cell: Cell, leastMs: number): number {
  const trial =
    secondsPerTrial ??
    stepsAtMost(cell) * cell.landscape.dimension * summandsOf(cell) * settings.uncalibratedSecondsPerStep
  const passes = cut === null ? 1 : 2 // a cut after an event computes the whole batch and then its parts
  const slowness = engine === 'reference' ? settings.referenceSlowness : 1
  return Math.max(leastMs, 1_000 * settings.deadlineFactor * passes * slowness * trial * count)
}
