import { mendedWords } from '@driftfarm/farm'
import type { FarmData } from '@driftfarm/report'

/** Reports once that the farm cannot go on, and once that it can again. */
export interface Lookout {
  /** Takes the present state; null where the sweep does not wait for the farm. */
  see(farm: FarmData | null): void
  /** Stops all reports. */
  end(): void
}

export interface LookoutOptions {
  say(line: string): void
  /** Calls back after `ms`, unless the returned function is called first. */
  later?(call: () => void, ms: number): () => void
}

/**
 * States that last shorter than this are not reported: a coordinator hands over within half a second, and a worker may
 * be restarted.
 */
const holdMs = 700

export function createLookout({ say, later = timer }: LookoutOptions): Lookout {
  /** The problem that was reported last and is not over; 'works' where there is none. */
  let said: FarmData['state'] = 'works'
  let seen: FarmData['state'] = 'works'
  let callOff: () => void = () => undefined
  return {
    see(farm) {
      const now = farm ?? ({ state: 'works', words: '' } as const)
      if (now.state === seen) return
      seen = now.state
      callOff()
      if (seen === said) return
      callOff = later(() => {
        say(now.state === 'works' ? mendedWords(said) : now.words)
        said = now.state
      }, holdMs)
    },
    end: () => callOff(),
  }
}

function timer(call: () => void, ms: number): () => void {
  const handle = setTimeout(call, ms)
  return () => clearTimeout(handle)
}
