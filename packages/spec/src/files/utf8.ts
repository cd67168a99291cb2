import type { Path } from '../document/value.ts'
import { Mistake, type Place } from '../errors.ts'

/** Bytes are decoded in pieces: a large file is never a text as a whole. */
const pieceBytes = 1 << 20

/**
 * Throws a mistake if the bytes are not UTF-8, since a text in another encoding would be misread silently. `name` is
 * the file name in errors; `path` is where the spec names the file.
 */
export function requireUtf8(bytes: Uint8Array, name: string, path: Path): void {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for (let at = 0; at < bytes.length; at += pieceBytes)
      decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: at + pieceBytes < bytes.length })
  } catch {
    const hint = `convert it${encodingOf(bytes)} -t UTF-8 OLD > NEW\``
    throw new Mistake('NOT_UTF8', path, { hint }, 'value', firstFault(bytes, name))
  }
}

/** UTF-16 is recognised by its byte order mark. Other encodings cannot be recognised. */
function encodingOf(bytes: Uint8Array): string {
  return isUtf16(bytes) ? ': `iconv -f UTF-16' : '; for a file from Korean Windows: `iconv -f CP949'
}

export const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

const newline = 0x0a

/** The place of the first wrong byte, which is in the first line that cannot be decoded. */
function firstFault(bytes: Uint8Array, source: string): Place {
  for (let [line, start] = [1, 0]; ; line++) {
    const end = bytes.indexOf(newline, start)
    const own = bytes.subarray(start, end < 0 ? bytes.length : end)
    const column = columnOfFault(own)
    if (column !== null || end < 0) return { source, line, column }
    start = end + 1
  }
}

/**
 * Lenient decoding replaces invalid bytes by U+FFFD. So if the text is encoded again, the first byte that differs from
 * the original is the first invalid byte.
 */
function columnOfFault(line: Uint8Array): number | null {
  const read = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
  const at = read.findIndex((byte, i) => byte !== line[i])
  return at < 0 ? null : new TextDecoder().decode(line.subarray(0, at), { stream: true }).length + 1
}
