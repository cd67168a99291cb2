import type { AnyTxtNode, TxtNode, TxtParentNode, TxtTextNode } from '@textlint/ast-node-types'

/** What a text is to its reader. */
export type Kind = (typeof kinds)[number]
export const kinds = ['page', 'message', 'label', 'comment'] as const

/** Stands for a character of code, of a quotation, or of a value that the program inserts; it also encloses them. */
export const hole = '\uFFFC'
const enclosed = new RegExp(`${hole}[^${hole}]*${hole}`, 'g')
const filled = (part: string): string => hole.repeat(part.length)

const texts = new WeakMap<TxtParentNode, string>()

/** A block of Markdown or of TypeScript as the rules read it: no markup, and runs of `hole` for code and quotations. */
export function textOf(block: TxtParentNode): string {
  let text = texts.get(block)
  if (text === undefined) {
    text = withoutQuotations(joined(block).replace(enclosed, filled))
    texts.set(block, text)
  }
  return text
}

/** The same text, character for character, with code and quotations as they are; holes enclose code. */
export const joined = (block: TxtParentNode): string =>
  stretches(block)
    .map(({ words }) => words)
    .join('')

/** For each character of the text of a block, its offset in the file. */
export const offsetsOf = (block: TxtParentNode, source: string): number[] =>
  stretches(block).flatMap(({ words, range: [start, end] }) => {
    let at = start
    // Its characters are in the file in this order, with markup, escapes or indentation between them.
    return words.split('').map((unit) => {
      const next = source.slice(at, Math.min(at + 16, end)).indexOf(unit)
      if (next > 0) at += next
      const offset = Math.min(at, end - 1)
      if (next >= 0) at++
      return offset
    })
  })

function stretches(node: AnyTxtNode): { words: string; range: TxtNode['range'] }[] {
  if ('children' in node) return node.children.flatMap(stretches)
  if (node.type === 'Html') return []
  return [{ words: wordsOf(node), range: node.range }]
}

function wordsOf(node: TxtNode): string {
  if (node.type === 'Str') return (node as TxtTextNode).value
  if (node.type === 'Image') return (node as TxtNode & { alt: string | null }).alt ?? ''
  if (node.type === 'Break') return '\n'
  return `${hole}${(node as TxtNode & { value?: string }).value ?? ''}${hole}`
}

const quotation = /`[^`]+`|"[^"]*"|“[^”]*”|(?<![\p{L}\d])'[^'\n]*'(?![\p{L}\d])/gu

/** The same text with its quotations and code taken out, character for character. */
export const withoutQuotations = (text: string): string => text.replace(quotation, filled)

const sentencesOf = new Intl.Segmenter('en', { granularity: 'sentence' })
/** Ends a segment but no sentence. */
const abbreviation = /(?:\b(?:e\.g|i\.e|cf|vs|approx|resp|Fig|Eq|Sec)\.|\.\.)\s*$/

export interface Sentence {
  text: string
  /** Where it starts in the text. */
  start: number
}

/** The sentences of a text; an empty line ends one too. */
export function sentences(text: string): Sentence[] {
  const found: Sentence[] = []
  let open = false
  for (const { segment, index } of sentencesOf.segment(text.replace(/(?<!\n)\n(?!\s*\n)/g, ' '))) {
    const last = found.at(-1)
    if (open && last !== undefined) last.text += segment
    else found.push({ text: segment, start: index })
    open = abbreviation.test(segment)
  }
  return found
    .map(({ text, start }) => ({ text: text.trim(), start: start + text.length - text.trimStart().length }))
    .filter(({ text }) => text !== '')
}

/** How many words a sentence has. A piece of code, a quotation or an inserted value counts as one. */
export const wordCount = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\d\uFFFC]/u.test(word)).length
