import { Mistake } from '../errors.ts'

export interface CsvRecord {
  /** The line on which the record begins, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads CSV (RFC 4180) one record at a time. Commas separate the fields, a quote inside quotes is doubled, and lines
 * may end with LF, CR LF or CR. Empty lines and spaces around quotes are skipped. No library is used, so that mistakes
 * have a file, line, column and hint like all other mistakes in a spec.
 */
export function* csvRecords(text: string, file: string): Generator<CsvRecord, undefined> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1

  const fail = (where: number, column: number, reason: string, hint: string): never => {
    throw new Mistake('CSV', [], { reason, hint }, 'value', { source: file, line: where, column })
  }
  const skipSpaces = () => {
    while (text[at] === ' ' || text[at] === '\t') at++
  }
  const isFieldEnd = () => at >= text.length || text[at] === ',' || text[at] === '\n' || text[at] === '\r'
  const plain = (): string => {
    const start = at
    while (!isFieldEnd()) at++
    return text.slice(start, at)
  }
  const quoted = (column: number): string => {
    const opened = line
    let field = ''
    for (;;) {
      const close = text.indexOf('"', at + 1)
      if (close < 0) fail(opened, column, 'a quote is never closed', 'close it, or remove it')
      const part = text.slice(at + 1, close)
      line += part.match(/\r\n|\r|\n/g)?.length ?? 0
      field += part
      at = close + 1
      if (text[at] !== '"') break
      field += '"'
    }
    skipSpaces()
    if (!isFieldEnd())
      fail(line, column, 'there is text after a closing quote', 'double each quote that belongs to the text')
    return field
  }

  while (at < text.length) {
    const begun = line
    const fields: string[] = []
    let isEmpty = true
    for (;;) {
      const start = at
      skipSpaces()
      const isQuoted = text[at] === '"'
      if (!isQuoted) at = start
      const field = isQuoted ? quoted(fields.length + 1) : plain()
      if (isQuoted || field.trim() !== '') isEmpty = false
      fields.push(field)
      if (text[at] !== ',') break
      at++
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    at++
    line++
    if (fields.length > 1 || !isEmpty) yield { line: begun, fields }
  }
}
