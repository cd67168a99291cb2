import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'

/** How the files named in a spec are read; each function throws where there is no such file. */
export interface FileReaders {
  readonly readFile?: (path: string) => string
  readonly readBytes?: (path: string) => Uint8Array
}

/** The files named in a spec. Each is read once, so a file that changes later does not change the sweep. */
export class Files {
  readonly #readers: FileReaders
  readonly #texts = new Map<string, string>()
  readonly #bytes = new Map<string, Uint8Array>()

  constructor(readers: FileReaders = {}) {
    this.#readers = readers
  }

  /** The text of a file; `path` is where the spec names the file, for errors. */
  text(file: string, path: Path): string {
    return readOnce(this.#texts, this.#readers.readFile, file, path)
  }

  bytes(file: string, path: Path): Uint8Array {
    return readOnce(this.#bytes, this.#readers.readBytes, file, path)
  }
}

/** Why a file could not be read, in plain words where the system's error is a known one. */
export function unreadable(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (text.startsWith('ENOENT')) return 'there is no such file'
  if (text.startsWith('EISDIR')) return 'it is a folder'
  return text.startsWith('EACCES') ? 'it may not be read' : text
}

function readOnce<Content extends { readonly length: number }>(
  known: Map<string, Content>,
  read: ((file: string) => Content) | undefined,
  file: string,
  path: Path,
): Content {
  const old = known.get(file)
  if (old !== undefined) return old
  if (read === undefined)
    throw new Mistake('FILE', path, {
      value: file,
      reason: 'files cannot be read here',
      hint: 'write the values into the spec',
    })
  let content: Content
  try {
    content = read(file)
  } catch (error) {
    throw new Mistake('FILE', path, { value: file, reason: unreadable(error) })
  }
  if (content.length > limits.fileBytes)
    throw new Mistake('FILE_TOO_LARGE', path, { value: file, limit: '64 MiB a file' })
  known.set(file, content)
  return content
}
