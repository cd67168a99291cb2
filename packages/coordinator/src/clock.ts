import { setTimeout as wait } from 'node:timers/promises'

/** Time as a coordinator sees it; tests bring their own. */
export interface Clock {
  /** ms, of a clock that never steps. */
  now(): number
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
}
