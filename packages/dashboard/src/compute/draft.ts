/** A spec that is being written, with the data files that it reads. */
export interface Draft {
  readonly text: string
  /** Bytes of data files, by their names in the spec. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  /** The id of the sweep whose spec is being changed. */
  readonly from?: string
  /** Names of files that were too large to keep. The reader must open them again. */
  readonly missing?: readonly string[]
}

const key = 'driftfarm.draft'
const earlierKey = 'driftfarm.draft.earlier'

/** Browsers keep about 5 million characters per site, and base64 needs four characters for three bytes. */
const maxFileBytes = 1_000_000

interface Kept {
  readonly text: string
  readonly from?: string | undefined
  readonly files: readonly (readonly [name: string, base64: string])[]
  readonly missing: readonly string[]
}

/**
 * Keeps the draft for the view of a new sweep, also after a reload. Files are kept up to 1 MB in total. Sets an earlier
 * draft aside, so that it can be opened again.
 */
export function keepDraft(draft: Draft): void {
  const earlier = read(key)
  if (earlier !== null && JSON.parse(earlier).text !== draft.text) write(earlierKey, earlier)
  saveDraft(draft)
}

/** Keeps a draft that continues the last one. */
export function saveDraft({ text, files = new Map(), from, missing = [] }: Draft): void {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  const isSmall = total <= maxFileBytes
  const kept: Kept = {
    text,
    from,
    files: isSmall ? [...files].map(([name, bytes]) => [name, base64Of(bytes)]) : [],
    missing: isSmall ? missing : [...missing, ...files.keys()],
  }
  write(key, JSON.stringify(kept))
}

/** Returns null if there is no draft. */
export const readDraft = (): Draft | null => draftOf(read(key))

/** The draft that was set aside. */
export const earlierDraft = (): Draft | null => draftOf(read(earlierKey))

export const forgetDraft = (): void => write(key, null)

function draftOf(stored: string | null): Draft | null {
  if (stored === null) return null
  const { text, from, files, missing } = JSON.parse(stored) as Kept
  return {
    text,
    files: new Map(files.map(([name, base64]) => [name, Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))])),
    missing,
    ...(from !== undefined && { from }),
  }
}

// The browser may refuse storage. A draft then lasts only as long as the view.

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {}
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
