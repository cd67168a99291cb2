import { decomposed } from '../document/composed.ts'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { utf8Text } from './utf8.ts'

export interface FileReaders {
  /** Throws if the file does not exist. */
  readonly readBytes?: (path: string) => Uint8Array
}

/** Each file is read once, so a file that changes later does not change the sweep. */
export class Files {
  readonly #readers: FileReaders
  readonly #texts = new Map<string, string>()
  readonly #bytes = new Map<string, Uint8Array>()

  constructor(readers: FileReaders = {}) {
    this.#readers = readers
  }

  /** `path` is where the spec names the file; errors report this place. */
  text(file: string, path: Path): string {
    const known = this.#texts.get(file)
    if (known !== undefined) return known
    const text = utf8Text(this.bytes(file, path), file, path)
    this.#texts.set(file, text)
    return text
  }

  bytes(file: string, path: Path): Uint8Array {
    const known = this.#bytes.get(file)
    if (known !== undefined) return known
    const { readBytes } = this.#readers
    if (readBytes === undefined)
      throw new Mistake('FILE', path, {
        value: file,
        reason: 'files cannot be read here',
        hint: 'write the values in the spec',
      })
    const bytes = bytesOf(readBytes, file, path)
    if (bytes.length > limits.fileBytes)
      throw new Mistake('FILE_TOO_LARGE', path, { value: file, limit: '64 MiB per file' })
    this.#bytes.set(file, bytes)
    return bytes
  }
}

function bytesOf(read: (file: string) => Uint8Array, file: string, path: Path): Uint8Array {
  try {
    return read(file)
  } catch (error) {
    const other = decomposed(file)
    // The text of the spec is in composed form (NFC), but the name in the folder may be in decomposed form.
    if (other !== file) {
      try {
        return read(other)
      } catch {
        // The error of the first attempt is reported instead, since it names the file as the spec does.
      }
    }
    throw new Mistake('FILE', path, { value: file, reason: unreadable(error) })
  }
}

function unreadable(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (text.startsWith('ENOENT')) return 'there is no such file'
  if (text.startsWith('EISDIR')) return 'it is a folder'
  return text.startsWith('EACCES') ? 'permission denied' : text
}
