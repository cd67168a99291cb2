import { setTimeout as wait } from 'node:timers/promises'

/** The clock of a coordinator; tests pass their own. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Resolves after `ms`, or as soon as the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
}
