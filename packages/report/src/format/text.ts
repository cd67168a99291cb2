import { eastAsianWidth } from 'get-east-asian-width'

/** Replaces control characters, since they could move the cursor of a terminal or hide lines. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

export function oneLine(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return printable(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array)
    return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const json = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))
  // The JSON of a timestamp is a string in quotes; it is printed without the quotes.
  return printable(json?.startsWith('"') ? String(JSON.parse(json)) : (json ?? ''))
}

/** Printable ASCII, in which each character takes one terminal column. Most texts contain nothing else. */
const plain = /^[\x20-\x7e]*$/

/**
 * The number of terminal columns that a text takes: two for East Asian characters and emoji, none for combining marks.
 */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of letters().segment(text))
    if (!invisible.test(segment)) width += emoji.test(segment) ? 2 : eastAsianWidth(segment.codePointAt(0)!)
  return width
}

const invisible = /^[\p{Control}\p{Format}\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u
const emoji = /\p{Emoji_Presentation}|\ufe0f/u

/**
 * Counts characters as a reader does. A letter with its combining marks is one character, and so is an emoji of several
 * code points.
 */
const letters = (): Intl.Segmenter => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter
}
/** Made when it is first used, because making it takes 10 ms. */
let segmenter: Intl.Segmenter | undefined

/** Widths are those of `measure`, by default in terminal columns. */
export function abbreviate(text: string, width: number, measure = widthOf): string {
  if (measure(text) <= width) return text
  let cut = ''
  for (const { segment } of letters().segment(text)) {
    if (measure(`${cut}${segment}…`) > width) break
    cut += segment
  }
  return `${cut}…`
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(width - widthOf(text), 0)) + text
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - widthOf(text), 0))
}

/** The texts of a list; parts that are false or null are left out. */
export function texts(...parts: readonly (string | false | null | readonly string[])[]): string[] {
  return parts.flatMap((part) => (part === false || part === null ? [] : part))
}

/** A text as a sentence, with one full stop. */
export const sentenceOf = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

/** The first `most` names, and how many more there are: `a, b and 3 more`. */
export function listed(names: readonly (string | number)[], most: number): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}

/** Breaks a text between words into lines. A word that is longer than `width` has a line of its own. */
export function wrapped(text: string, width: number, measure = widthOf): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const joined = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && measure(joined) <= width) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}

/** The first sentence of the comment at the beginning of a spec. */
export function aboutSpec(text: string): string {
  const [block = ''] = /^(#.*\n)*/.exec(text) ?? []
  const comment = block.trimEnd().replace(/^#\s?/gm, '').replaceAll('\n', ' ')
  return /^.*?[.?](?=\s|$)/.exec(comment)?.[0] ?? comment
}
