import { cached } from '../cached.ts'
import { composed, decomposed, type Path } from '../document/value.ts'
import { fileRefusal, Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { reported } from '../mistakes.ts'
import { type DataSource, openData } from './dataFile.ts'
import type { DataFile } from './header.ts'
import { type CsvRecord, csvRecords } from './scanner.ts'
import { requireUtf8 } from './utf8.ts'

export interface FileReaders {
  /** Throws if the file does not exist. */
  readonly readBytes?: (path: string) => Uint8Array
}

const maxFiles = Number.POSITIVE_INFINITY

/** Each file is read once, so a file that changes later does not change the sweep. */
export class Files {
  constructor(private readonly readers: FileReaders) {}

  /** `path` is where the spec names the file; errors report this place. */
  readonly bytes = cached(maxFiles, (file: string, path: Path): Uint8Array => {
    const { readBytes } = this.readers
    if (readBytes === undefined)
      throw fileRefusal(path, file)('files cannot be read here', 'write the values in the spec')
    const bytes = bytesOf(readBytes, file, path)
    if (bytes.length > limits.fileBytes)
      throw new Mistake('FILE_TOO_LARGE', path, { value: file, limit: `${limits.fileBytes / 2 ** 30} GiB per file` })
    return bytes
  })

  /** The records of a small CSV file. */
  readonly records = cached(maxFiles, (file: string, path: Path): readonly CsvRecord[] => {
    const bytes = this.bytes(file, path)
    requireUtf8(bytes, file, path)
    return [...csvRecords(bytes, file)]
  })

  readonly #data = cached(maxFiles, (_key: string, source: DataSource, path: Path) =>
    openData((file) => this.bytes(file, path), source, path),
  )

  data(source: DataSource, path: Path): DataFile {
    return this.#data(JSON.stringify(source), source, path)
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
    throw fileRefusal(path, file)(unreadable(error))
  }
}

function unreadable(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (text.startsWith('ENOENT')) return 'there is no such file'
  if (text.startsWith('EISDIR')) return 'it is a folder'
  return text.startsWith('EACCES') ? 'permission denied' : text
}

/** The text of a spec, in composed form (NFC). Throws a SpecError if the bytes are not UTF-8. */
export function specText(bytes: Uint8Array, fileName: string): string {
  reported(() => requireUtf8(bytes, fileName, []))
  return composed(new TextDecoder().decode(bytes))
}
