import type { TextlintRuleReporter } from '@textlint/types'
import { blocksOf } from './documents.ts'
import { offsetsOf, sentences, textOf, wordCount } from './prose.ts'
import { maxWords, type Word, words } from './words.ts'

interface Finding {
  message: string
  start: number
  end: number
}

/** What a match of a word is called, in findings and in counts. */
export const nameOf = ({ not, but }: Word): string => `${not} → ${but}`
export const longSentence = `more than ${maxWords} words in a sentence`

/** The expressions of the word table: those that fail the check, or those that are counted. */
export const wordRule = (counted: boolean): TextlintRuleReporter => {
  const searched = words.filter((word) => (word.counted ?? false) === counted)
  // Most blocks have none: one pattern for all of them is faster than one after the other.
  const any = new RegExp(searched.map(({ pattern }) => pattern.source).join('|'), 'i')
  const matches = (text: string, word: (typeof words)[number]): Finding[] =>
    [...text.matchAll(word.pattern)].map(({ 0: found, index }) => ({
      message: nameOf(word),
      start: index,
      end: index + found.length,
    }))
  return overBlocks((text, file) =>
    any.test(text)
      ? searched.filter(({ where }) => where?.test(file) ?? true).flatMap((word) => matches(text, word))
      : [],
  )
}

export const lengthRule: TextlintRuleReporter = overBlocks((text) =>
  wordCount(text) <= maxWords
    ? []
    : sentences(text)
        .filter((sentence) => wordCount(sentence.text) > maxWords)
        .map(({ text, start }) => ({ message: longSentence, start, end: start + text.length })),
)

/** A rule that searches each block of text of a document. */
function overBlocks(find: (text: string, file: string) => Finding[]): TextlintRuleReporter {
  return ({ RuleError, getFilePath, getSource, locator, report }) => ({
    Document: (document) => {
      for (const block of blocksOf(document)) {
        const found = find(textOf(block), getFilePath() ?? '')
        const offsets = found.length > 0 ? offsetsOf(block, getSource()) : []
        for (const { message, start, end } of found) {
          const from = offsets[start]! - block.range[0]
          const to = Math.max(offsets[end - 1]! - block.range[0], from) + 1
          report(block, new RuleError(message, { padding: locator.range([from, to]) }))
        }
      }
    },
  })
}
