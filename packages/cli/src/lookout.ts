import type { FarmData } from '@driftfarm/report'

/** Reports once that the farm cannot go on, and once that it can again. */
export interface Lookout {
  /** Takes the present state; null where the sweep does not wait for the farm, of which nothing is known then. */
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

/** What is said once the problem is over. */
const mended: Readonly<Record<FarmData['state'], string>> = {
  works: '',
  queue: 'the queue answers again',
  leaderless: 'a coordinator is running now',
  workerless: 'a worker is running now',
  kernel: 'the versions fit now',
  elsewhere: 'workers listen to the right queue now',
  full: 'there is room again',
  unreachable: 'the database answers again',
  silent: 'the farm answers again',
}

/** Words without their ages: what has only lasted longer is not said again. */
const gist = (words: string): string => words.replace(/[\d.]+ (s|min|h|days)\b|\ba second\b/g, '')

export function createLookout({ say, later = timer }: LookoutOptions): Lookout {
  const works: FarmData = { state: 'works', words: '' }
  /** The problem that was reported last and is not over. */
  let said: FarmData = works
  let seen: FarmData = works
  let callOff: () => void = () => undefined
  return {
    see(farm) {
      if (farm === null) {
        callOff()
        seen = works
        said = works
        return
      }
      const before = seen
      seen = farm
      if (gist(seen.words) === gist(before.words)) return
      callOff()
      if (gist(seen.words) === gist(said.words)) return
      callOff = later(() => {
        say(seen.state === 'works' ? mended[said.state] : seen.words)
        said = seen
      }, holdMs)
    },
    end: () => callOff(),
  }
}

function timer(call: () => void, ms: number): () => void {
  const handle = setTimeout(call, ms)
  return () => clearTimeout(handle)
}
