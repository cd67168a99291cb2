import { nearestWord } from '@driftfarm/formula'
import { type Path, shown } from './document/value.ts'

export interface Details {
  readonly value?: unknown
  /** What was expected, worded to follow "is not ...". */
  readonly expected?: string
  /** The words that are valid at this place, for "did you mean". */
  readonly known?: readonly string[]
  /** The unknown word, if it differs from `value`. */
  readonly word?: string
  readonly limit?: string
  readonly reason?: string
  /** Replaces the hint of the table, if given. */
  readonly hint?: string | null | undefined
  /** The key that the author probably meant. If this key is missing, that is not reported as a second mistake. */
  readonly meant?: Path | undefined
}

/** Words what is wrong, to follow the path of the mistake, and what to do. */
type Words = (details: Details) => { readonly says: string; readonly hint: string }

export interface SpecErrorEntry {
  readonly words: Words
  /** For the error reference, as in the error tables of all packages. */
  readonly means: string
  readonly fix: string
}

export function fixed(says: string, hint: string): Words {
  return (details) => ({
    says: details.reason === undefined ? says : `${says}: ${details.reason}`,
    hint: details.hint ?? hint,
  })
}

export function unknown(what: string): Words {
  return ({ word, value, known = [], hint }) => {
    const wrong = word ?? String(value)
    const near = nearestWord(wrong, known)
    const all = known.length === 0 ? 'none are defined here' : `known: ${list(known)}`
    return {
      says: `unknown ${what} ${shown(wrong)}`,
      hint: hint ?? (near === undefined ? all : `did you mean ${near}?`),
    }
  }
}

export function list(words: readonly string[]): string {
  return words.length > 24 ? `${words.slice(0, 24).join(', ')}, ...` : words.join(', ')
}

/** `limit` has a unit: "1048576 bytes", "10^15 trials per cell". */
export const over: Words = ({ value, limit, hint }) => ({
  says:
    value === undefined
      ? `more than ${limit}`
      : `${typeof value === 'string' ? value : shown(value)}, but the limit is ${limit}`,
  hint: hint ?? `use at most ${limit}`,
})
