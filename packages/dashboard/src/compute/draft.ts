import { keep, kept } from '../parts/storage.ts'

/** A spec that is being written, with the data files that it reads. */
export interface Draft {
  readonly text: string
  /** Bytes of data files, by their names in the spec. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  /** The id of the sweep whose spec is being changed. */
  readonly from?: string
  /** Whether the changes were made for the reader, so that a copy of the spec must not continue them. */
  readonly isDerived?: boolean
}

/** A spec that runs in seconds. */
export const firstSpec = `version: 1
name: my-first
seed: 1
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 200, escape: 'x >= 0' }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  update.drift.sigma: { from: 0.5, to: 2, count: 7 }
trials: 10000
`

const key = 'driftfarm.draft'
const earlierKey = 'driftfarm.draft.earlier'

/** Browsers keep about 5 million characters per site, and base64 needs four characters for three bytes. */
const maxFileBytes = 1_000_000

interface Kept extends Omit<Draft, 'files'> {
  readonly files: readonly (readonly [name: string, base64: string])[]
}

/**
 * Keeps the draft for the view of a new sweep, also after a reload. Files are kept up to 1 MB in total. Sets an earlier
 * draft aside, so that it can be opened again.
 */
export function keepDraft(draft: Draft): void {
  const earlier = kept(key)
  if (earlier !== null && JSON.parse(earlier).text !== draft.text) keep(earlierKey, earlier)
  saveDraft(draft)
}

/** Keeps a draft that continues the last one. */
export function saveDraft({ files = new Map(), ...rest }: Draft): void {
  const isSmall = [...files.values()].reduce((sum, { length }) => sum + length, 0) <= maxFileBytes
  const kept = isSmall ? [...files].map(([name, bytes]) => [name, base64Of(bytes)] as const) : []
  keep(key, JSON.stringify({ ...rest, files: kept } satisfies Kept))
}

/** Returns null if there is no draft. */
export const readDraft = (): Draft | null => draftOf(kept(key))

/** The draft that was set aside. */
export const earlierDraft = (): Draft | null => draftOf(kept(earlierKey))

export const forgetDraft = (): void => keep(key, null)

function draftOf(stored: string | null): Draft | null {
  if (stored === null) return null
  const { files, ...rest } = JSON.parse(stored) as Kept
  return { ...rest, files: new Map(files.map(([name, base64]) => [name, bytesOf(base64)])) }
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
