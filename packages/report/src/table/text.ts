/** Text from a spec, made safe for a terminal: control characters could move its cursor or hide lines. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/** A value of any kind on one line. */
export function oneLine(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return printable(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array)
    return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const json = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))
  // A timestamp becomes a string by itself; its quotes say nothing.
  return printable(json?.startsWith('"') ? String(JSON.parse(json)) : (json ?? ''))
}

export function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

export function abbreviate(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, Math.max(width - 1, 0)).join('')}…`
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(width - lengthOf(text), 0)) + text
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - lengthOf(text), 0))
}

/** Breaks a text between words into lines of at most `width`; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
