import { cached } from '../cached.ts'
import { composed, decomposed, type Path } from '../document/value.ts'
import { Mistake, type Place } from '../errors.ts'
import { limits } from '../limits.ts'
import { reported } from '../mistakes.ts'

export interface FileReaders {
  /** Throws if the file does not exist. */
  readonly readBytes?: (path: string) => Uint8Array
}

const maxFiles = Number.POSITIVE_INFINITY

/** Each file is read once, so a file that changes later does not change the sweep. */
export class Files {
  constructor(private readonly readers: FileReaders) {}

  /** `path` is where the spec names the file; errors report this place. */
  readonly text = cached(maxFiles, (file: string, path: Path) => utf8Text(this.bytes(file, path), file, path))

  readonly bytes = cached(maxFiles, (file: string, path: Path): Uint8Array => {
    const { readBytes } = this.readers
    if (readBytes === undefined)
      throw new Mistake('FILE', path, {
        value: file,
        reason: 'files cannot be read here',
        hint: 'write the values in the spec',
      })
    const bytes = bytesOf(readBytes, file, path)
    if (bytes.length > limits.fileBytes)
      throw new Mistake('FILE_TOO_LARGE', path, { value: file, limit: '64 MiB per file' })
    return bytes
  })
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

/**
 * Decodes UTF-8 bytes to a text in composed form (NFC), without a byte order mark. Text in another encoding is refused,
 * since it would be misread silently. `name` is the file name in errors; `path` is where the spec names the file.
 */
function utf8Text(bytes: Uint8Array, name: string, path: Path): string {
  try {
    return composed(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    const hint = `convert it${encodingOf(bytes)} -t UTF-8 OLD > NEW\``
    throw new Mistake('NOT_UTF8', path, { hint }, 'value', firstFault(bytes, name))
  }
}

/** The text of a spec. Throws a SpecError if the bytes are not UTF-8. */
export function specText(bytes: Uint8Array, fileName: string): string {
  return reported(() => utf8Text(bytes, fileName, []))
}

/** UTF-16 is recognised by its byte order mark. Other encodings cannot be recognised. */
function encodingOf([first, second]: Uint8Array): string {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return isMarked ? ': `iconv -f UTF-16' : '; for a file from Korean Windows: `iconv -f CP949'
}

const newline = 0x0a

/**
 * Lenient decoding replaces invalid bytes by U+FFFD. So if the text is encoded again, the first byte that differs from
 * the original is the first invalid byte.
 */
function firstFault(bytes: Uint8Array, source: string): Place {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
  const read = new TextEncoder().encode(lenient.decode(bytes))
  const at = read.findIndex((byte, i) => byte !== bytes[i])
  const before = bytes.subarray(0, at)
  const line = before.reduce((lines, byte) => (byte === newline ? lines + 1 : lines), 1)
  const inLine = new TextDecoder().decode(before.subarray(before.lastIndexOf(newline) + 1), { stream: true })
  return { source, line, column: inLine.length + 1 }
}
