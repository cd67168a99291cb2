import type { FarmState } from '@driftfarm/database'
import { farmWords, mendedWords, type Reader } from './farmWords.ts'

/** Says once when a farm cannot go on, and once when it can. */
export interface Lookout {
  /** What is known now; null where no farm is waited for. */
  see(farm: FarmState | null): void
  /** Says nothing any more. */
  end(): void
}

export interface LookoutOptions {
  readonly reader: Reader
  say(line: string): void
  /** Calls back later unless it is called off by what it returns. */
  later?(call: () => void, ms: number): () => void
}

/** What lasts shorter is not worth a word: a coordinator hands over in half a second, a worker is started anew. */
const holdMs = 700

export function createLookout({ reader, say, later = timer }: LookoutOptions): Lookout {
  /** Of what was said last and is not over. */
  let said: FarmState['state'] = 'works'
  let seen: FarmState['state'] = 'works'
  let callOff: () => void = () => undefined
  return {
    see(farm) {
      const now = farm ?? ({ state: 'works' } as const)
      if (now.state === seen) return
      seen = now.state
      callOff()
      if (seen === said) return
      callOff = later(() => {
        say(now.state === 'works' ? mendedWords(said) : farmWords(now, reader))
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
