import { StatisticsError } from '../error.ts'
import type { Link } from './family.ts'
import { example, readTerms, type Terms } from './terms.ts'

/** A fit formula, such as `log(escapeRate) ~ 1/T + log(T)`. */
export interface FitFormula extends Terms {
  /** The name of an estimate, as in results: escape, escapeRate, exit:NAME, ... */
  readonly estimate: string
  readonly link: Link
}

/** Throws a StatisticsError if the text is not a fit formula, or a FormulaError if a term cannot be parsed. */
export function readFitFormula(text: string): FitFormula {
  const [left = '', right, ...rest] = text.split('~').map((side) => side.trim())
  if (right === undefined || rest.length > 0 || left === '' || right === '')
    throw new StatisticsError(
      'FORMULA',
      text,
      `write an estimate, then ~, then terms in swept names separated by +, ${example}`,
    )
  const inside = /^log\s*\((.*)\)$/s.exec(left)?.[1]?.trim()
  const estimate = inside ?? left
  if (!/^[A-Za-z][^()]*$/.test(estimate))
    throw new StatisticsError('FORMULA', left, `the left side must be an estimate or its logarithm, ${example}`)
  return { estimate, link: inside === undefined ? 'identity' : 'log', ...readTerms(right) }
}
