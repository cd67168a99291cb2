import { type Expression, freeNames, parseNumber, print } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import type { Link } from './family.ts'

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
    throw formulaError(text, `write an estimate, then ~, then terms in swept names separated by +, ${example}`)
  const inside = /^log\s*\((.*)\)$/s.exec(left)?.[1]?.trim()
  const estimate = inside ?? left
  if (!/^[A-Za-z][^()]*$/.test(estimate))
    throw formulaError(left, `the left side must be an estimate or its logarithm, ${example}`)
  return { estimate, link: inside === undefined ? 'identity' : 'log', ...readTerms(right) }
}

export interface FitTerm {
  readonly expression: Expression
  /** The term in canonical form. */
  readonly text: string
  /** The name of which the term is the inverse, such as T for 1/T; null for any other term. */
  readonly inverseOf: string | null
}

export interface Terms {
  readonly terms: readonly FitTerm[]
  readonly hasIntercept: boolean
}

/** `found` is the part of the formula that is wrong. */
export const formulaError = (found: string, hint: string) => new StatisticsError('FORMULA', found, hint)

export const example = 'e.g. "log(escapeRate) ~ 1/T" or "log(escapeRate) ~ 1/T + log(T)"'

/**
 * Reads terms such as `1/T + log(T)`. `+ 0` and `- 1` leave the intercept out. Throws a StatisticsError, or a
 * FormulaError if a term cannot be parsed.
 */
export function readTerms(right: string): Terms {
  let hasIntercept = true
  const terms: FitTerm[] = []
  for (const { sign, text } of summands(right)) {
    if (text === '')
      throw formulaError(right, 'each `+` or `-` needs a term on both sides: add a term, or remove the sign')
    if (sign === '-' && text !== '1')
      throw formulaError(
        `- ${text}`,
        `write \`+ ${text}\`, since coefficients can have either sign. If a difference is one term, put it in ` +
          'parentheses. After `-`, only `1` is allowed: `- 1` leaves the intercept out',
      )
    if (text === '1' || text === '0' || text === '-1') {
      hasIntercept = text === '1' && sign === '+'
      continue
    }
    const term = readTerm(text)
    if (terms.some((other) => other.text === term.text))
      throw formulaError(right, `the term ${term.text} occurs twice: leave one out`)
    terms.push(term)
  }
  if (terms.length === 0) throw formulaError(right, `the right side needs at least one swept name, ${example}`)
  return { terms, hasIntercept }
}

function readTerm(text: string): FitTerm {
  const expression = parseNumber(text)
  const { names, arrays } = freeNames(expression)
  if (names.size + arrays.size === 0)
    throw formulaError(
      text,
      `each term needs at least one swept name, ${example}. The intercept is included unless \`+ 0\` or \`- 1\` ` +
        'leaves it out',
    )
  const [name] = names
  const printed = print(expression)
  return {
    expression,
    text: printed,
    inverseOf: name !== undefined && printed === print(parseNumber(`1/${name}`)) ? name : null,
  }
}

function summands(text: string): { readonly sign: '+' | '-'; readonly text: string }[] {
  const found: { sign: '+' | '-'; text: string }[] = []
  let sign: '+' | '-' = '+'
  let from = 0
  let depth = 0
  const take = (to: number) => found.push({ sign, text: text.slice(from, to).trim() })
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '(' || character === '[') depth++
    else if (character === ')' || character === ']') depth--
    else if ((character === '+' || character === '-') && depth === 0 && isBetween(text.slice(from, at))) {
      take(at)
      sign = character
      from = at + 1
    }
  }
  take(text.length)
  return found
}

/** A sign after an operator, or in 1e+5, does not separate two terms. */
const isBetween = (before: string): boolean =>
  before.trim() !== '' && !/[-+*/^,<>=!&|]\s*$/.test(before) && !/(^|[^\w.])(\d+\.?\d*|\.\d+)[eE]$/.test(before)
