import type { OpenCell } from '@driftfarm/database'
import { checkPoints } from '@driftfarm/statistics'
import { batchTrials, type Sizing } from './batchSize.ts'

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
