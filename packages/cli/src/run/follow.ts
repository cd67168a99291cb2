import type { Source, StatusData } from '@driftfarm/report'
import { createFarmMonitor } from '../farmMonitor.ts'
import { note } from '../output.ts'
import type { Shell } from '../shell.ts'

export interface FollowOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number | undefined
  /** Interval in ms at which the sweep is polled. */
  readonly everyMs: number
  /** Aborted when the sweep has probably ended, which is then read at once. */
  readonly ended?: AbortSignal | undefined
  /** Whether problems of the farm are printed. They are not printed if this process computes the sweep itself. */
  readonly farmMonitor: boolean
  /** Whether a figure of the sweep is shown in the terminal. */
  readonly figure: boolean
  /** Called with each status that differs from the previous status. If `onStatus` returns true, the wait ends. */
  onStatus(status: StatusData): Promise<boolean> | boolean
}

/** Waits for the end of a sweep. `cut` is true if the timeout or the signal ended the wait early. */
export async function follow(
  shell: Shell,
  source: Source,
  id: string,
  { signal, timeoutMs, everyMs, ended, farmMonitor: isMonitored, figure, onStatus }: FollowOptions,
): Promise<{ readonly last: StatusData | null; readonly cut: boolean }> {
  const until = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const monitor = createFarmMonitor({ say: (line) => (isMonitored ? note(shell, line) : undefined) })
  const live = figure ? (await import('../liveFigure.ts')).liveFigure(shell, source) : null
  let last: StatusData | null = null
  try {
    for await (const status of source.follow(id, { signal: until, everyMs, ended })) {
      monitor.update(status.farm)
      last = status
      live?.update(status)
      if (await onStatus(status)) break
    }
  } finally {
    monitor.stop()
    await live?.end()
  }
  return { last, cut: until.aborted }
}
