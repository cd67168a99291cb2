import { type Expression, freeNames, parseNumber, print } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import type { Link } from './family.ts'

/** What is fitted against what: `log(escapeRate) ~ 1/T`. */
export interface FitFormula {
  /** The name of an estimate, as in results: escape, escapeRate, exit:NAME, ... */
  readonly estimate: string
  readonly link: Link
  readonly regressor: Expression
  /** The regressor in canonical print. */
  readonly against: string
  /** The name whose inverse the regressor is, T in 1/T; null for any other regressor. */
  readonly inverseOf: string | null
}

const example = 'e.g. "log(escapeRate) ~ 1/T"'

/** Parses a fit formula. Throws a StatisticsError, or the FormulaError of its right side. */
export function readFitFormula(text: string): FitFormula {
  const [left = '', right, ...rest] = text.split('~').map((side) => side.trim())
  if (right === undefined || rest.length > 0 || left === '' || right === '')
    throw new StatisticsError('FORMULA', text, `an estimate, ~ and an expression over swept names, ${example}`)
  const inside = /^log\s*\((.*)\)$/s.exec(left)?.[1]?.trim()
  const estimate = inside ?? left
  if (!/^[A-Za-z][^()]*$/.test(estimate))
    throw new StatisticsError('FORMULA', left, `the left side is an estimate or its logarithm, ${example}`)
  const regressor = parseNumber(right)
  const { names, arrays } = freeNames(regressor)
  if (names.size + arrays.size === 0)
    throw new StatisticsError(
      'FORMULA',
      right,
      `the right side holds at least one swept name; the intercept is always there, ${example}`,
    )
  const [name] = names
  const against = print(regressor)
  return {
    estimate,
    link: inside === undefined ? 'identity' : 'log',
    regressor,
    against,
    inverseOf: name !== undefined && against === print(parseNumber(`1/${name}`)) ? name : null,
  }
}
