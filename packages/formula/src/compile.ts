import { comparisons, functions, isSmallInteger } from './arithmetic.ts'
import { unknownName } from './checkNames.ts'
import * as elementary from './elementary/index.ts'
import { FormulaError } from './errors.ts'
import { type ArithmeticOperator, type Expression, functionArity, type Node } from './expression.ts'
import { fold, isBoolean } from './fold.ts'
import { freeNames } from './substitute.ts'

/** The position of each name in `values`, and of each list in `arrays`. */
export interface Slots {
  readonly names: ReadonlyMap<string, number>
  readonly arrays: ReadonlyMap<string, number>
}

/** The values of names, and the slots with which expressions in these names and in elements of `x` are compiled. */
export class NamedValues {
  readonly slots: Slots
  readonly values: Float64Array

  constructor(names: readonly string[]) {
    this.slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
    this.values = new Float64Array(names.length)
  }

  put(name: string, value: number): void {
    this.values[this.slots.names.get(name)!] = value
  }

  putAll(values: Iterable<readonly [name: string, value: number]>): void {
    for (const [name, value] of values) this.put(name, value)
  }
}

type Values = Float64Array
type Arrays = readonly Float64Array[]
export type Scalar = (values: Values, arrays: Arrays) => number
export type Condition = (values: Values, arrays: Arrays) => boolean

/**
 * Compiles a numeric expression to a function of `values` and `arrays`, for the slow reference implementation. The
 * function consists of closures; no code is generated. An element out of range has the value NaN. Throws FormulaError
 * for a name or list that is not in `slots`. The function is not re-entrant.
 */
export function compileScalar(e: Expression, slots: Slots): Scalar {
  if (isBoolean(e)) throw new FormulaError('condition-for-number', ['this place'])
  return compileWith(e, slots, new Map()) as Scalar
}

/** Like `compileScalar`, for conditions. */
export function compileCondition(e: Expression, slots: Slots): Condition {
  if (!isBoolean(e)) throw new FormulaError('number-for-condition', ['this place'])
  return compileWith(e, slots, new Map()) as Condition
}

/** Each expression is compiled once, for all cells of a sweep. */
const evaluators = new WeakMap<Expression, { names: readonly string[]; arrays: readonly string[]; code: Code }>()

/** The value of an expression whose names have the values of `valueOf`. Without `listOf`, elements of lists are NaN. */
export function evaluate(
  e: Expression,
  valueOf: (name: string) => number,
  listOf: (name: string) => Float64Array = () => new Float64Array(),
): number | boolean {
  const { names, arrays, code } = evaluators.get(e) ?? evaluatorOf(e)
  return code(new Float64Array(names.map(valueOf)), arrays.map(listOf))
}

function evaluatorOf(e: Expression) {
  const free = freeNames(e)
  const [names, arrays] = [[...free.names], [...free.arrays]]
  const slotsOf = (words: readonly string[]) => new Map(words.map((word, slot) => [word, slot]))
  const code = compileWith(e, { names: slotsOf(names), arrays: slotsOf(arrays) }, new Map())
  const evaluator = { names, arrays, code }
  evaluators.set(e, evaluator)
  return evaluator
}

type Code = Scalar | Condition

interface Counter {
  value: number
}

/**
 * Maximum nesting depth of closures. A part of the expression that reaches this depth is evaluated first, and the
 * rest uses its value. Deeper nesting could exhaust the stack, at about 100 bytes per level.
 */
const deepestCalls = 100

interface Compiled {
  readonly code: Code
  readonly depth: number
}

function compileWith(root: Expression, slots: Slots, counters: ReadonlyMap<string, Counter>): Code {
  const steps: (() => void)[] = []
  let values: Values = new Float64Array()
  let arrays: Arrays = []

  const settle = ({ code, depth }: Compiled): Compiled => {
    if (depth < deepestCalls) return { code, depth }
    let result: number | boolean = Number.NaN
    steps.push(() => {
      result = code(values, arrays)
    })
    return { code: (() => result) as Code, depth: 1 }
  }

  const { code } = fold<Compiled>(
    root,
    (e, parts) => {
      const depth = parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0) + 1
      const codes = parts.map((part) => part.code)
      return settle({ code: codeOf(e, codes, slots, counters), depth })
    },
    { enter: (e) => (e.kind === 'reduce' ? { code: reduceCode(e, slots, counters), depth: 1 } : undefined) },
  )
  if (steps.length === 0) return code
  return ((valuesNow: Values, arraysNow: Arrays) => {
    values = valuesNow
    arrays = arraysNow
    for (const step of steps) step()
    return code(valuesNow, arraysNow)
  }) as Code
}

function codeOf(e: Expression, parts: readonly Code[], slots: Slots, counters: ReadonlyMap<string, Counter>): Code {
  const [a, b, c] = parts as [Scalar, Scalar, Scalar]
  switch (e.kind) {
    case 'number': {
      const { value } = e
      return () => value
    }
    case 'name':
      return nameCode(e.name, slots, counters)
    case 'element': {
      const slot = slots.arrays.get(e.name)
      if (slot === undefined) throw unknownName(e.name, slots.arrays.keys(), slots.names.has(e.name), true)
      return (values, arrays) => arrays[slot]![a(values, arrays) - 1] ?? Number.NaN
    }
    case 'negate':
      return (values, arrays) => -a(values, arrays)
    case 'binary': {
      if (e.operator === '^' && isSmallInteger(e.right)) {
        const exponent = e.right.value
        return (values, arrays) => elementary.powerInteger(a(values, arrays), exponent)
      }
      return binaryCode(e.operator, a, b)
    }
    case 'call': {
      const apply = functions[e.function]
      return functionArity[e.function] === 2
        ? (values, arrays) => apply(a(values, arrays), b(values, arrays))
        : (values, arrays) => apply(a(values, arrays), Number.NaN)
    }
    case 'select':
      return (values, arrays) => (a(values, arrays) ? b(values, arrays) : c(values, arrays))
    case 'compare': {
      const holds = comparisons[e.operator]
      return (values, arrays) => holds(a(values, arrays), b(values, arrays))
    }
    case 'logic': {
      const [left, right] = parts as unknown as [Condition, Condition]
      return e.operator === '&&'
        ? (values, arrays) => left(values, arrays) && right(values, arrays)
        : (values, arrays) => left(values, arrays) || right(values, arrays)
    }
    case 'not':
      return (values, arrays) => !a(values, arrays)
    case 'reduce':
      throw new TypeError('internal error: a `reduce` node reached this switch; `enter` compiles it')
  }
}

function nameCode(word: string, slots: Slots, counters: ReadonlyMap<string, Counter>): Scalar {
  const counter = counters.get(word)
  if (counter !== undefined) return () => counter.value
  const slot = slots.names.get(word)
  if (slot === undefined) throw unknownName(word, slots.names.keys(), slots.arrays.has(word), false)
  return (values) => values[slot]!
}

/** A closure of its own for each operator: calling one from a table would take twice as long. */
function binaryCode(operator: ArithmeticOperator, a: Scalar, b: Scalar): Scalar {
  switch (operator) {
    case '+':
      return (values, arrays) => a(values, arrays) + b(values, arrays)
    case '-':
      return (values, arrays) => a(values, arrays) - b(values, arrays)
    case '*':
      return (values, arrays) => a(values, arrays) * b(values, arrays)
    case '/':
      return (values, arrays) => a(values, arrays) / b(values, arrays)
    case '^':
      return (values, arrays) => elementary.power(a(values, arrays), b(values, arrays))
  }
}

function reduceCode(e: Node<'reduce'>, slots: Slots, counters: ReadonlyMap<string, Counter>): Scalar {
  const from = compileWith(e.from, slots, counters) as Scalar
  const to = compileWith(e.to, slots, counters) as Scalar
  const counter: Counter = { value: 0 }
  const body = compileWith(e.body, slots, new Map([...counters, [e.index, counter]])) as Scalar
  const isSum = e.operator === 'sum'
  return (values, arrays) => {
    const first = from(values, arrays)
    const last = to(values, arrays)
    if (!(first <= last)) return isSum ? 0 : 1
    counter.value = first
    let result = body(values, arrays)
    for (let index = first + 1; index <= last; index++) {
      counter.value = index
      const term = body(values, arrays)
      result = isSum ? result + term : result * term
    }
    return result
  }
}
