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

/** Browsers keep about 5 million characters per site, and base64 needs four characters for three bytes. */
const maxFileBytes = 1_000_000

interface Kept {
  readonly text: string
  readonly from?: string | undefined
  readonly files: readonly (readonly [name: string, base64: string])[]
  readonly missing: readonly string[]
}

/** Keeps the draft for the view of a new sweep, also after a reload. Files are kept up to 1 MB in total. */
export function keepDraft({ text, files = new Map(), from, missing = [] }: Draft): void {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  const isSmall = total <= maxFileBytes
  const kept: Kept = {
    text,
    from,
    files: isSmall ? [...files].map(([name, bytes]) => [name, base64Of(bytes)]) : [],
    missing: isSmall ? missing : [...missing, ...files.keys()],
  }
  try {
    localStorage.setItem(key, JSON.stringify(kept))
  } catch {
    // The browser refuses storage. The draft then lasts only as long as the view.
  }
}

/** Returns null if there is no draft. */
export function readDraft(): Draft | null {
  try {
    const { text, from, files, missing } = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept
    return {
      text,
      files: new Map(files.map(([name, base64]) => [name, Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))])),
      missing,
      ...(from !== undefined && { from }),
    }
  } catch {
    return null
  }
}

export function forgetDraft(): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing was stored.
  }
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
