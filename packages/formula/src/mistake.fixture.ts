import { FormulaError } from './errors.ts'

/** What is wrong with a text, in one line: code, place and hint; 'none' where nothing is. */
export function mistake(text: string, read: (text: string) => unknown): string {
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    return `${error.code} ${error.offset}+${error.length}${error.hint === null ? '' : `: ${error.hint}`}`
  }
  return 'none'
}
