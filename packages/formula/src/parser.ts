import { comparisons } from './arithmetic.ts'
import * as build from './build.ts'
import { checkIndex, checkTerms } from './checkIndices.ts'
import { countText } from './countText.ts'
import { FormulaError, quote, type Span } from './errors.ts'
import {
  type ArithmeticOperator,
  type CompareOperator,
  type Expression,
  type FunctionName,
  functionArity,
} from './expression.ts'
import { isBoolean } from './fold.ts'
import { functionHint, wordHint } from './foreign.ts'
import { nextToken, type Token } from './lexer.ts'
import { limits } from './limits.ts'
import { constants, functionNames, isFunctionName, isReserved, ruleFunctionNames } from './names.ts'
import { nearestWord } from './nearestWord.ts'
import { checkOperations } from './operations.ts'
import { powerOf, print } from './print.ts'

interface Parsed extends Span {
  readonly e: Expression
}

/** How tightly an infix operator binds; undefined for other symbols. */
function bindingPower(symbol: string): number | undefined {
  return symbol in comparisons ? powerOf.compare : (powerOf as Readonly<Record<string, number>>)[symbol]
}

/** Parses a text. Throws FormulaError with the place of the mistake and, if there is one, a hint. */
export function parse(text: string): Expression {
  return new Parser(text).whole().e
}

export interface ParseOptions {
  /** Whether the text is an expression of a rule, which may also call `sign`. */
  readonly rule?: boolean
}

/** Parses a text that must be a number rather than a condition. */
export function parseNumber(text: string, { rule = false }: ParseOptions = {}): Expression {
  try {
    const parser = new Parser(text, rule ? ruleFunctionNames : functionNames)
    return parser.requireNumber(parser.whole(), 'this place')
  } catch (error) {
    throw withoutEquation(error)
  }
}

/** Parses a text that must be a condition. */
export function parseCondition(text: string): Expression {
  const parser = new Parser(text)
  return parser.requireCondition(parser.whole(), 'this place')
}

class Parser {
  private token: Token
  private end = 0
  private last = ''
  private nodes = 0
  private depth = 0

  constructor(
    private readonly text: string,
    private readonly functions: readonly FunctionName[] = functionNames,
  ) {
    this.token = nextToken(text, 0)
  }

  whole(): Parsed {
    if (this.atEnd()) throw new FormulaError('empty', [])
    const result = this.expression(0)
    if (!this.atEnd()) throw this.unexpected('an operator or the end of the expression')
    checkOperations(result.e)
    return result
  }

  private take(): Token {
    const taken = this.token
    this.end = taken.offset + taken.length
    this.last = taken.text
    this.token = nextToken(this.text, this.end)
    return taken
  }

  private atEnd(): boolean {
    return this.token.kind === 'end'
  }

  private is(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol
  }

  private unexpected(expected: string): FormulaError {
    const { kind, text } = this.token
    if (kind === 'end') return new FormulaError('unexpected-end', [expected], this.token)
    if (text === ')' || text === ']') return new FormulaError('unopened-parenthesis', [quote(text)], this.token)
    const startsOperand = kind === 'name' || kind === 'number' || text === '('
    if (expected === 'an operator or the end of the expression' && startsOperand) {
      const hint = wordHint(text) ?? wordHint(this.last) ?? betweenHint(kind, this.last)
      return new FormulaError('missing-operator', [quote(text)], this.token, hint)
    }
    return new FormulaError('unexpected-token', [expected, quote(text)], this.token, this.commaHint())
  }

  private commaHint(): string | null {
    if (!this.is(',')) return null
    const isDecimal =
      /\d$/.test(this.text.slice(0, this.token.offset)) && /^,\d/.test(this.text.slice(this.token.offset))
    return isDecimal ? 'use . as the decimal point' : 'commas are only allowed between the arguments of a function'
  }

  /** Nodes are counted so that a hostile text fails before memory runs out. */
  private node(start: number, e: Expression): Parsed {
    this.nodes++
    const span = { offset: start, length: this.end - start }
    if (this.nodes > limits.nodes)
      throw new FormulaError('too-many-nodes', [], span, 'write repeated terms as sum(i, from, to, ...)')
    return { e, ...span }
  }

  private expression(minimum: number): Parsed {
    let left = this.prefix()
    for (;;) {
      const { kind, text: operator } = this.token
      const power = kind === 'symbol' ? bindingPower(operator) : undefined
      if (power === undefined || power < minimum) break
      left = this.infix(left, this.take(), power)
    }
    return left
  }

  /**
   * The limit on `depth` also limits the stack: between two nested calls of this method, at most five operators (`||`,
   * `&&`, a comparison, `+`, `*`) wait for their right side.
   */
  private nested(minimum: number): Parsed {
    this.depth++
    if (this.depth > limits.nesting) throw new FormulaError('too-deep', [], this.token)
    const inner = this.expression(minimum)
    this.depth--
    return inner
  }

  private infix(left: Parsed, token: Token, power: number): Parsed {
    const operator = token.text
    const what = quote(operator)
    if (operator === '&&' || operator === '||') {
      const first = this.requireCondition(left, what)
      const second = this.requireCondition(this.expression(power + 1), what)
      return this.node(left.offset, build.logic(operator, first, second))
    }
    if (power === powerOf.compare && left.e.kind === 'compare') {
      const span = { offset: left.offset, length: token.offset + token.length - left.offset }
      throw new FormulaError('chained-comparison', [], span, unchained(left.e, operator))
    }
    const first = this.requireNumber(left, what)
    if (operator === '^') {
      // `^` is right associative, and a sign may precede the exponent.
      const exponent = this.requireNumber(this.nested(powerOf.sign), what)
      return this.node(left.offset, build.raise(first, exponent))
    }
    const second = this.requireNumber(this.expression(power + 1), what)
    const e =
      power === powerOf.compare
        ? build.compare(operator as CompareOperator, first, second)
        : build.binary(operator as ArithmeticOperator, first, second)
    return this.node(left.offset, e)
  }

  private prefix(): Parsed {
    const token = this.take()
    const start = token.offset
    if (token.kind === 'number') return this.node(start, build.number(Number(token.text)))
    if (token.kind === 'name') return this.named(token)
    switch (token.text) {
      case '(':
        return this.group(token)
      case '-':
        return this.negative(token)
      case '+': {
        const operand = this.nested(powerOf.sign)
        this.requireNumber(operand, quote('+'))
        return operand
      }
      case '!': {
        const operand = this.nested(powerOf.sign)
        if (!isBoolean(operand.e)) {
          throw new FormulaError('number-for-condition', [quote('!')], operand, 'write !(...) around the condition')
        }
        return this.node(start, build.not(operand.e))
      }
    }
    this.token = token
    throw this.unexpected('a number, a name or `(`')
  }

  private negative(token: Token): Parsed {
    if (this.token.kind === 'number') {
      // A sign before a literal becomes part of the number (so that -1 prints and parses as one number), unless `^`
      // follows.
      const after = nextToken(this.text, this.token.offset + this.token.length)
      if (after.text !== '^') return this.node(token.offset, build.number(-Number(this.take().text)))
    }
    const operand = this.requireNumber(this.nested(powerOf.sign), quote('-'))
    return this.node(token.offset, build.negate(operand))
  }

  private group(open: Token): Parsed {
    const inner = this.nested(0)
    this.close(open, ')')
    return { e: inner.e, offset: open.offset, length: this.end - open.offset }
  }

  private close(open: Token, symbol: ')' | ']'): void {
    if (this.atEnd()) {
      const hint = `add the missing ${symbol}`
      throw new FormulaError('unclosed-parenthesis', [quote(open.text)], open, hint)
    }
    if (!this.is(symbol)) {
      const wrong = this.is(')') || this.is(']') || this.is(',')
      throw wrong
        ? new FormulaError('unexpected-token', [quote(symbol), quote(this.token.text)], this.token)
        : this.unexpected('an operator or the end of the expression')
    }
    this.take()
  }

  private named(token: Token): Parsed {
    const word = token.text
    if (this.is('(')) return this.called(token)
    if (isFunctionName(word, this.functions) || word === 'sum' || word === 'prod' || word === 'select') {
      throw new FormulaError('function-without-arguments', [quote(word)], token, `write ${word}(...)`)
    }
    const constant = constants.get(word)
    if (constant !== undefined) return this.node(token.offset, build.number(constant))
    if (!this.is('[')) return this.node(token.offset, build.name(word))
    const open = this.take()
    const index = this.nested(0)
    this.close(open, ']')
    const e = this.requireNumber(index, `the index of ${quote(word)}`)
    if (e.kind === 'number') checkIndex(e.value, word, index)
    return this.node(token.offset, build.element(word, e))
  }

  private called(token: Token): Parsed {
    const word = token.text
    if (word === 'sum' || word === 'prod') return this.reduction(token, word)
    if (!isFunctionName(word, this.functions)) throw unknownFunction(token, this.functions)
    const open = this.take()
    const parameters: Expression[] = []
    if (!this.is(')')) {
      do {
        if (parameters.length > 0) this.take()
        parameters.push(this.requireNumber(this.nested(0), quote(word)))
      } while (this.is(','))
    }
    this.close(open, ')')
    const arity = functionArity[word]
    if (parameters.length !== arity) {
      const span = { offset: token.offset, length: this.end - token.offset }
      const hint = arity === 2 && parameters.length > 2 ? `write ${word}(a, ${word}(b, c))` : null
      const takes = countText(arity, 'argument')
      throw new FormulaError('wrong-argument-count', [quote(word), takes, parameters.length], span, hint)
    }
    return this.node(token.offset, build.call(word, ...parameters))
  }

  private reduction(token: Token, operator: 'sum' | 'prod'): Parsed {
    const usage = `write ${operator}(i, from, to, term), such as ${operator}(i, 1, d, x[i]^2)`
    const open = this.take()
    const index = this.take()
    if (index.kind !== 'name' || !this.is(',')) {
      throw new FormulaError('not-a-name', [quote(operator)], index.kind === 'end' ? token : index, usage)
    }
    if (isReserved(index.text)) {
      throw new FormulaError('reserved-name', [quote(index.text), 'an index'], index, 'call the index i, j or k')
    }
    const parts: Expression[] = []
    while (parts.length < 3) {
      if (!this.is(',')) {
        if (this.atEnd()) this.close(open, ')')
        if (!this.is(')')) throw this.unexpected('an operator or the end of the expression')
        const span = { offset: token.offset, length: this.token.offset + 1 - token.offset }
        throw new FormulaError('wrong-argument-count', [quote(operator), '4 arguments', parts.length + 1], span, usage)
      }
      this.take()
      const part = this.nested(0)
      const what = parts.length < 2 ? `a bound of ${quote(operator)}` : quote(operator)
      const e = this.requireNumber(part, what)
      if (parts.length < 2 && e.kind === 'number' && !Number.isSafeInteger(e.value)) {
        throw new FormulaError('bounds-not-integer', [e.value, quote(operator)], part)
      }
      parts.push(e)
    }
    this.close(open, ')')
    const [from, to, body] = parts as [Expression, Expression, Expression]
    const span = { offset: token.offset, length: this.end - token.offset }
    if (from.kind === 'number' && to.kind === 'number') checkTerms(to.value - from.value + 1, operator, span)
    return this.node(token.offset, build.reduce(operator, index.text, from, to, body))
  }

  requireNumber(parsed: Parsed, what: string): Expression {
    if (!isBoolean(parsed.e)) return parsed.e
    throw new FormulaError('condition-for-number', [what], parsed)
  }

  requireCondition(parsed: Parsed, what: string): Expression {
    if (isBoolean(parsed.e)) return parsed.e
    throw new FormulaError('number-for-condition', [what], parsed, 'write a comparison, such as x >= 0')
  }
}

/**
 * Where a number is needed, `L = x^2` or `= x^2` is an equation, not a comparison in which the second `=` is missing.
 */
export function withoutEquation(error: unknown): unknown {
  if (!(error instanceof FormulaError) || error.code !== 'assignment-for-comparison') return error
  return new FormulaError('assignment-for-number', [], error, 'write only the part after the =')
}

/** Two names side by side may be one name with a space in it, such as a column header. */
export function betweenHint(kind: Token['kind'], last: string): string {
  const product = 'to multiply, write * between the two values'
  const areNames = kind === 'name' && /^[A-Za-z_]/.test(last)
  return areNames
    ? `${product}; names cannot contain spaces, so if the two words name a column, rename the column in its file`
    : product
}

/** In the hint, `...` stands for the number after `operator`, which has not been read yet. */
export function unchained(first: Expression, operator: string): string {
  if (first.kind !== 'compare') return 'write a < b && b < c'
  const text = `${print(first)} && ${print(first.right)} ${operator} ...`
  return text.length > 60 ? 'write a < b && b < c' : `join two comparisons with &&: ${text}`
}

export function unknownFunction(token: Token, functions: readonly FunctionName[]): FormulaError {
  const word = token.text
  const near = nearestWord(word, [...functions, 'sum', 'prod'])
  const hint =
    functionHint(word) ??
    wordHint(word) ??
    (near !== undefined
      ? `did you mean ${near}?`
      : `to multiply, write ${word}*(...); the functions are ${functions.join(', ')}, sum, prod`)
  return new FormulaError('unknown-function', [quote(word)], token, hint)
}
