import { FormulaError, quote, type Span } from './errors.ts'
import { dottedHint } from './foreign.ts'

export type TokenKind = 'number' | 'name' | 'symbol' | 'end'

export interface Token extends Span {
  readonly kind: TokenKind
  /** The token as written in the text; '' at the end. */
  readonly text: string
}

const space = /[ \t\r\n]+/y
const numeral = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
/**
 * Matches the longest possible sequence of operator characters, so that `>==` is reported as one mistake and not as
 * two.
 */
const comparison = /=<|[<>=!]=?=?>?|&&?|\|\|?|\*\*/y
const operators = new Set(['<', '<=', '>', '>=', '==', '!=', '!', '&&', '||'])
const punctuation = new Set(['+', '-', '*', '/', '^', '(', ')', '[', ']', ','])

const operatorHints: Readonly<Record<string, string>> = {
  '>==': 'did you mean >=?',
  '<==': 'did you mean <=?',
  '===': 'did you mean ==?',
  '!==': 'did you mean !=?',
  '=>': 'did you mean >=?',
  '=<': 'did you mean <=?',
  '<>': 'did you mean !=?',
  '&': 'did you mean &&?',
  '|': 'write abs(x) for an absolute value, or || to join conditions',
  '**': 'did you mean ^?',
}

/** Each row gives one hint to all of its characters. */
const characterHints: ReadonlyMap<string, string> = new Map(
  [
    ['\u2212\u2013', 'write - for a minus sign'],
    ['\u00d7\u00b7\u22c5', 'write * for a product'],
    ['\u00f7', 'write / for a quotient'],
    ['\u2264', 'write <='],
    ['\u2265', 'write >='],
    ['\u2260', 'write !='],
    ['\u2227', 'write &&'],
    ['\u2228', 'write ||'],
    ['\u00ac', 'write !'],
    ['\u00b2', 'write ^2'],
    ['\u00b3', 'write ^3'],
    ['\u03c0', 'write pi'],
    ['\u221a', 'write sqrt(...)'],
    ['\u2211', 'write sum(i, 1, d, ...)'],
    ['\u220f', 'write prod(i, 1, d, ...)'],
    ['%', 'expressions have no remainder operation and no percent sign'],
    ['{}', 'write names without braces, and group with ( and )'],
    ['\u201c\u201d\u201e\u2018\u2019', 'use straight quotes, " or \', around the whole expression'],
    [':', 'write only the expression, without the colon and the words before it'],
    ['?', 'expressions have no if: use relu, abs, min or max, such as max(x, 0)'],
    ['@', 'write the scalar product of two lists as sum(i, 1, d, a[i]*b[i])'],
    ['$', 'write names without $'],
    ['\\', 'write sin(x) for \\sin x, and a/b for \\frac{a}{b}'],
    [';', 'write only one expression; separate arguments with ,'],
    ['.', 'names contain only letters, digits and _'],
    ['"\'', 'an expression cannot contain text'],
  ].flatMap(([characters, hint]) => [...characters!].map((character) => [character, hint!] as const)),
)

function match(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? null
}

/** Tokens are read on demand, so the text after the first mistake takes no time, however long it is. */
export function nextToken(text: string, offset: number): Token {
  const start = offset + (match(space, text, offset)?.length ?? 0)
  if (start >= text.length) return { kind: 'end', text: '', offset: text.length, length: 0 }
  const token = (kind: TokenKind, found: string): Token => ({ kind, text: found, offset: start, length: found.length })

  const digits = match(numeral, text, start)
  if (digits !== null) return checkedNumber(text, token('number', digits))
  const letters = match(word, text, start)
  if (letters !== null) return withoutPoint(text, token('name', letters))
  const operator = match(comparison, text, start)
  if (operator !== null) return checkedOperator(text, token('symbol', operator))
  const character = String.fromCodePoint(text.codePointAt(start)!)
  if (punctuation.has(character)) return token('symbol', character)
  throw new FormulaError('unexpected-character', [quote(character)], token('symbol', character), hintFor(character))
}

/** The only names with dots: the distance since a mark. */
const sinceName = /^distance\.since\.[A-Za-z_]\w*$/

/** Reports a name with a dot in it, such as `np.sin`, as one mistake, not as a name and a stray character. */
function withoutPoint(text: string, token: Token): Token {
  const rest = match(/(?:\.[A-Za-z_]\w*)+/y, text, token.offset + token.length)
  if (rest === null) return token
  const dotted = token.text + rest
  if (sinceName.test(dotted)) return { ...token, text: dotted, length: dotted.length }
  const isCall = match(/\s*\(/y, text, token.offset + dotted.length) !== null
  const span = { ...token, length: dotted.length }
  throw new FormulaError('unknown-name', [quote(dotted)], span, dottedHint(dotted, isCall))
}

function hintFor(character: string): string | null {
  const hint = characterHints.get(character)
  if (hint !== undefined) return hint
  return /\p{L}/u.test(character) ? 'names contain only the letters a-z and A-Z, digits and _' : null
}

function checkedNumber(text: string, token: Token): Token {
  const end = token.offset + token.length
  const rest = match(/[A-Za-z0-9_.]+/y, text, end)
  if (rest !== null) {
    const span = { offset: token.offset, length: token.length + rest.length }
    const isName = /^[A-Za-z_]\w*$/.test(rest)
    const hint = isName ? `to multiply, write ${token.text}*${rest}` : null
    throw new FormulaError('malformed-number', [quote(token.text + rest)], span, hint)
  }
  if (!Number.isFinite(Number(token.text))) {
    throw new FormulaError('number-not-finite', [quote(token.text)], token, 'the largest double is about 1.8e308')
  }
  return token
}

function checkedOperator(text: string, token: Token): Token {
  if (operators.has(token.text)) return token
  if (token.text === '=') {
    const before = text.slice(0, token.offset).trimEnd().at(-1) ?? ''
    const isSplit = before !== '' && '<>!='.includes(before)
    const hint = isSplit ? `write ${before}= without a space` : 'write == to compare'
    throw new FormulaError('assignment-for-comparison', [], token, hint)
  }
  throw new FormulaError('unknown-operator', [quote(token.text)], token, operatorHints[token.text] ?? null)
}
