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
  /** What to write in place of the wrong key, word or value, if this alone corrects the mistake. */
  readonly fix?: string | undefined
  /** The key that the author probably meant. If this key is missing, that is not reported as a second mistake. */
  readonly meant?: Path | undefined
}

type Text = (details: Details) => string

export interface SpecErrorEntry {
  /** Says what is wrong, to follow the path of the mistake. By default, these are the value and the reason. */
  readonly says?: Text
  /** What to do, if the mistake itself does not say. By default, this is what was expected, or `fix`. */
  readonly advice?: string | ((details: Details) => string | undefined)
  /** What to write in place of the wrong word, if `details` has neither a hint nor a fix. */
  readonly replacement?: (details: Details) => string | undefined
  /** For the error reference, as in the error tables of all packages. */
  readonly means: string
  readonly fix: string
}

export function sayingOf({ says }: SpecErrorEntry, details: Details): string {
  const { value, reason } = details
  return says?.(details) ?? (value === undefined ? `${reason}` : `${shown(value)}: ${reason}`)
}

export function hintOf({ advice = writeExpected, fix }: SpecErrorEntry, details: Details): string {
  const usual = typeof advice === 'function' ? advice(details) : advice
  return details.hint ?? usual ?? `${fix[0]!.toLowerCase()}${fix.slice(1).replace(/\.$/, '')}`
}

const writeExpected = ({ expected }: Details) => (expected === undefined ? undefined : `write ${expected}`)

export function fixOf({ replacement }: SpecErrorEntry, details: Details): string | undefined {
  return details.fix ?? (details.hint == null ? replacement?.(details) : undefined)
}

export function fixed(says: string): Text {
  return ({ reason }) => (reason === undefined ? says : `${says}: ${reason}`)
}

export function unknown(what: string) {
  const wrong: Text = ({ word, value }) => word ?? String(value)
  const replacement = (details: Details) => nearestWord(wrong(details), details.known ?? [])
  return {
    says: (details: Details) => `unknown ${what} ${shown(wrong(details))}`,
    replacement,
    advice: (details: Details) => {
      const { known = [] } = details
      const near = replacement(details)
      if (near !== undefined) return `did you mean ${near}?`
      return known.length === 0 ? 'none are defined here' : `known: ${list(known)}`
    },
  }
}

export function list(words: readonly string[]): string {
  return words.length > 24 ? `${words.slice(0, 24).join(', ')}, ...` : words.join(', ')
}

/** `limit` has a unit: "1048576 bytes", "10^15 trials per cell". */
export const over = {
  says: ({ value, limit }: Details) =>
    value === undefined
      ? `more than ${limit}`
      : `${typeof value === 'string' ? value : shown(value)}, but the limit is ${limit}`,
  advice: ({ limit }: Details) => `use at most ${limit}`,
}
