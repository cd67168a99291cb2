import { composed } from '../document/composed.ts'
import type { Path } from '../document/path.ts'
import { Mistake, type Place } from '../errors.ts'
import { Findings } from '../mistakes.ts'

/**
 * Decodes UTF-8 bytes to a text in composed form (NFC), without a byte order mark. Text in another encoding is refused,
 * since it would be misread silently. `name` is the file name in errors; `path` is where the spec names the file.
 */
export function utf8Text(bytes: Uint8Array, name: string, path: Path): string {
  try {
    return composed(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    const hint = `convert it${encodingOf(bytes)} -t UTF-8 OLD > NEW\``
    throw new Mistake('NOT_UTF8', path, { hint }, 'value', firstFault(bytes, name))
  }
}

/** The text of a spec. Throws a SpecError if the bytes are not UTF-8. */
export function specText(bytes: Uint8Array, fileName: string): string {
  const findings = new Findings()
  const text = findings.try(() => utf8Text(bytes, fileName, []))
  findings.report()
  return text!
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
