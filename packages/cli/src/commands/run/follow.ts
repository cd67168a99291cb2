import type { Source, StatusData } from '@driftfarm/report'
import { createFarmMonitor } from '../../farmMonitor.ts'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

export interface FollowOptions {
  /** Ends the wait when aborted. */
  readonly signal: AbortSignal
  readonly timeoutMs: number | undefined
  /** Interval in ms at which the sweep is polled. */
  readonly everyMs: number
  /** Whether to report why the farm cannot continue. False if this process is the farm, and with JSON. */
  readonly farmMonitor: boolean
  /** Called with each status that differs from the one before. Returning true ends the wait. */
  onStatus(status: StatusData): Promise<boolean> | boolean
}

/** Waits for the end of a sweep. Returns its last status, and whether the timeout or the signal cut the wait short. */
export async function follow(
  shell: Shell,
  source: Source,
  id: string,
  { signal, timeoutMs, everyMs, farmMonitor: isMonitored, onStatus }: FollowOptions,
): Promise<{ readonly last: StatusData | null; readonly cut: boolean }> {
  const until = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const monitor = createFarmMonitor({ say: (line) => (isMonitored ? note(shell, line) : undefined) })
  let last: StatusData | null = null
  try {
    for await (const status of source.follow(id, { signal: until, everyMs })) {
      monitor.update(status.farm)
      last = status
      if (await onStatus(status)) break
    }
  } finally {
    monitor.stop()
  }
  return { last, cut: until.aborted }
}
