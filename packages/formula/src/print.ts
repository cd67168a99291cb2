import type { Expression } from './expression.ts'
import { isSum } from './flatten.ts'
import { cachedFold, fold } from './fold.ts'
import { constants } from './names.ts'

/**
 * How tightly each form binds. `^` binds tighter than a sign before it: -x^2 = -(x^2). An atom never needs parentheses.
 */
export const powerOf = {
  '||': 1,
  '&&': 2,
  compare: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  sign: 6,
  '^': 7,
  atom: 9,
} as const

interface Printed {
  readonly text: string
  readonly power: number
  /** Whether the text is a literal such as 2. A sign before the text would become part of the literal. */
  readonly bareNumber?: boolean
}

/**
 * The expression as text with the fewest parentheses. A number is printed as the shortest text that reads back as the
 * same bits. `parse(print(e))` equals e if e contains no select and only finite numbers. A select prints as
 * `select(condition, then, otherwise)`, which the parser does not accept.
 */
export function print(e: Expression): string {
  return fold(e, printNode).text
}

/** Like `print`, but faster for many expressions that share parts. */
export function printer(): (e: Expression) => string {
  const printed = cachedFold(printNode)
  return (e) => printed(e).text
}

function atom(text: string): Printed {
  return { text, power: powerOf.atom }
}

function printNumber(value: number): Printed {
  for (const [word, constant] of constants) if (value === constant) return atom(word)
  if (value < 0 || Object.is(value, -0)) return { text: `-${-value}`, power: powerOf.sign }
  return { text: String(value), power: powerOf.atom, bareNumber: true }
}

function atLeast(power: number, part: Printed): string {
  return part.power >= power ? part.text : `(${part.text})`
}

function printNode(e: Expression, parts: readonly Printed[]): Printed {
  const [first, second] = parts as [Printed, Printed]
  const list = () => parts.map((part) => part.text).join(', ')
  switch (e.kind) {
    case 'number':
      return printNumber(e.value)
    case 'name':
      return atom(e.name)
    case 'element':
      return atom(`${e.name}[${first.text}]`)
    case 'call':
      return atom(`${e.function}(${list()})`)
    case 'reduce':
      return atom(`${e.operator}(${e.index}, ${list()})`)
    case 'select':
      return atom(`select(${list()})`)
    case 'negate':
      return { text: `-${first.bareNumber ? `(${first.text})` : atLeast(powerOf.sign, first)}`, power: powerOf.sign }
    case 'not':
      return { text: `!${atLeast(powerOf.sign, first)}`, power: powerOf.sign }
    case 'compare':
      return {
        text: `${atLeast(powerOf['+'], first)} ${e.operator} ${atLeast(powerOf['+'], second)}`,
        power: powerOf.compare,
      }
    case 'logic':
      return infix(` ${e.operator} `, powerOf[e.operator], first, second)
    case 'binary':
      if (e.operator === '^') {
        return { text: `${atLeast(powerOf.atom, first)}^${atLeast(powerOf.sign, second)}`, power: powerOf['^'] }
      }
      return infix(isSum(e) ? ` ${e.operator} ` : e.operator, powerOf[e.operator], first, second)
  }
}

/** The operator is left associative, so the right operand gets parentheses unless it binds more tightly. */
function infix(operator: string, power: number, left: Printed, right: Printed): Printed {
  return { text: `${atLeast(power, left)}${operator}${atLeast(power + 1, right)}`, power }
}
