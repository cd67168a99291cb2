import type { OpenCell } from '@driftfarm/database'
import { observedColumns } from '@driftfarm/spec'
import { checkPoints } from '@driftfarm/statistics'
import { defaults } from './defaults.ts'
import type { Speed } from './speed.ts'

/**
 * Returns the number of trials up to which batches of a cell may be dispatched. This number is usually the target. If
 * `ahead` is set and all trials up to the target have been dispatched, the number is the next check point of a stopping
 * rule.
 */
export function dispatchGoal(
  { target, next, demands }: Pick<OpenCell, 'target' | 'next' | 'demands'>,
  ahead: boolean,
): number {
  if (next < target || !ahead) return target
  const points = demands.flatMap(({ until }) => (until === null ? [] : checkPoints(until.min, until.max)))
  return points.reduce((goal, point) => (point > next && (goal <= next || point < goal) ? point : goal), target)
}

/**
 * Returns the numbers of trials after `from` at which a batch must end, in ascending order. They are the requested
 * numbers of trials and the check points below `goal`, and `goal` itself.
 */
export function boundaries({ demands }: Pick<OpenCell, 'demands'>, from: number, goal: number): readonly number[] {
  const points = demands.flatMap(({ trials, until }) =>
    until === null ? [trials!] : checkPoints(until.min, until.max),
  )
  return [...new Set([...points.filter((point) => point > from && point < goal), goal])].sort((a, b) => a - b)
}

/**
 * Returns the sizes of at most `room` batches. Between two boundaries the batches have nearly equal sizes, so that no
 * tiny batch is left over.
 */
export function planBatches(cell: OpenCell, goal: number, room: number, sizing: Sizing): readonly number[] {
  const counts: number[] = []
  const size = batchTrials(cell, sizing)
  // Until the first batch has shown the cost of a trial, a cell has no more dispatched batches than there are threads.
  const unknown = !sizing.speed.isMeasured(cell) && sizing.batch === null
  const most = unknown ? Math.max(1, sizing.threads) - cell.out : room
  let at = cell.next
  for (const end of boundaries(cell, cell.next, goal)) {
    while (at < end) {
      if (counts.length >= Math.min(room, most)) return counts
      const left = end - at
      const count = sizing.batch === null ? Math.ceil(left / Math.ceil(left / size)) : Math.min(left, size)
      counts.push(count)
      at += count
    }
  }
  return counts
}

export interface Sizing {
  readonly threads: number
  /** Expected thread time, in seconds, of all trials of the sweep that may be dispatched now. */
  readonly remainingSeconds: number
  /** Factor, at least 1, by which bundles and batches are longer than on a farm with few threads. */
  readonly growth: number
  /** A fixed number of trials in each batch, for tests; null to choose the number by the cost of a trial. */
  readonly batch: number | null
  readonly speed: Speed
}

type Sized = Pick<OpenCell, 'secondsPerTrial' | 'cost' | 'marks' | 'demands'>

export const rowBytes = ({ marks, demands = [] }: Pick<OpenCell, 'marks'> & Partial<Pick<OpenCell, 'demands'>>) =>
  48 + 8 * demands.reduce((sum, { observe }) => sum + observedColumns(observe).size, marks)

export const recordsNothing = ({ demands }: Pick<OpenCell, 'demands'>): boolean =>
  demands.every(({ record, contrasts }) => record.kind === 'none' && contrasts.length === 0)

/** Largest number of trials in a batch, however cheap the trials are. */
export const maxTrials = (cell: Pick<OpenCell, 'marks' | 'demands'>): number =>
  recordsNothing(cell)
    ? defaults.rowlessTrials
    : Math.min(defaults.batchTrials, Math.floor(defaults.batchBytes / rowBytes(cell)))

/** Most trials that a kernel computes side by side. */
const lanes = 8

/**
 * A batch should take as long as a bundle, and fill the lanes of a kernel. It is smaller if the remaining trials
 * would not keep all threads busy, or if the cost is only a guess.
 */
export function batchTrials(cell: Sized, { threads, remainingSeconds, growth, batch, speed }: Sizing): number {
  if (batch !== null) return batch
  const cost = speed.trialSeconds(cell)
  const aim = speed.isMeasured(cell) ? defaults.bundleSeconds * growth : defaults.firstBatchSeconds
  const most = maxTrials(cell)
  const share = Math.max(remainingSeconds / Math.max(1, threads), defaults.minBatchSeconds)
  const fitting = Math.floor(aim / cost)
  const blocks = Math.floor(fitting / lanes) || Number(speed.isMeasured(cell) && lanes * cost <= 4 * aim)
  return Math.max(1, Math.min(most, Math.ceil(share / cost), lanes * blocks || fitting))
}
