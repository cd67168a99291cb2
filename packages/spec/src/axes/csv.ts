export interface CsvRecord {
  /** From 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** RFC 4180: commas, quotes doubled inside quotes, line ends of any kind; empty lines are skipped. */
export function readCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let begun = 1
  const end = () => {
    if (fields.length > 0 || field.trim() !== '') records.push({ line: begun, fields: [...fields, field] })
    fields = []
    field = ''
    begun = line
  }
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\n') line++
    if (quoted) {
      if (char !== '"') field += char
      else if (text[i + 1] === '"') {
        field += '"'
        i++
      } else quoted = false
    } else if (char === '"' && field.trim() === '') {
      field = ''
      quoted = true
    } else if (char === ',') {
      fields.push(field)
      field = ''
    } else if (char === '\n') end()
    else if (char !== '\r') field += char
  }
  end()
  return records
}
