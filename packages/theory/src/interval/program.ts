import { cachedFold, type Expression, elementary, type FunctionName, fold } from '@driftfarm/formula'
import {
  add,
  cosine,
  divide,
  everything,
  hull,
  type Interval,
  increasing,
  multiply,
  negate,
  point,
  power,
  sine,
  subtract,
} from './interval.ts'

/** The positions of values in a box, coordinates first. */
export interface Places {
  readonly names: ReadonlyMap<string, number>
  /** The position of x[1]; null if the coordinates have names. */
  readonly first: number | null
}

export interface Ranges {
  readonly values: readonly Interval[]
  /** False if abs, relu, sign, min, max, sqrt or an undecided condition may have a kink in the box. */
  readonly smooth: boolean
}

export interface Program {
  (box: readonly Interval[]): Ranges
  readonly operations: number
}

interface State {
  readonly box: readonly Interval[]
  readonly values: Interval[]
  smooth: boolean
}

type Operation = (state: State) => Interval

/**
 * Sums in the expressions must be expanded first. Each operation rounds outward, so that the result holds for all
 * points of the box. Subexpressions that occur several times are evaluated once. A condition that the box does not
 * decide has the value [0, 1].
 */
export function program(expressions: readonly Expression[], places: Places): Program {
  const operations: Operation[] = []
  const place = cachedFold<number>((e, parts) => operations.push(operationOf(e, parts, places)) - 1)
  const outputs = expressions.map(place)
  const evaluate = (box: readonly Interval[]): Ranges => {
    const state: State = { box, values: new Array<Interval>(operations.length), smooth: true }
    for (let i = 0; i < operations.length; i++) state.values[i] = operations[i]!(state)
    return { values: outputs.map((at) => state.values[at]!), smooth: state.smooth }
  }
  return Object.assign(evaluate, { operations: operations.length })
}

function operationOf(e: Expression, parts: readonly number[], places: Places): Operation {
  const [a = 0, b = 0, c = 0] = parts
  switch (e.kind) {
    case 'number':
      return constant(point(e.value))
    case 'name': {
      const at = places.names.get(e.name)
      if (at === undefined) throw new TypeError(`internal error: no position is known for ${e.name}`)
      return ({ box }) => box[at]!
    }
    case 'element': {
      if (e.index.kind !== 'number' || places.first === null)
        throw new TypeError(`internal error: no position is known for ${e.name}[..]`)
      const at = places.first + e.index.value - 1
      return ({ box }) => box[at] ?? everything
    }
    case 'negate':
      return ({ values }) => negate(values[a]!)
    case 'binary':
      return binaryOperation(e, a, b)
    case 'call':
      return callOperation(e.function, a, b)
    case 'select':
      return (state) => {
        const { values } = state
        const [least, most] = values[a]!
        if (least === 1) return values[b]!
        if (most === 0) return values[c]!
        state.smooth = false
        return hull(values[b]!, values[c]!)
      }
    case 'compare': {
      const compared = comparisons[e.operator]
      return ({ values }) => compared(values[a]!, values[b]!)
    }
    case 'logic':
      return e.operator === '&&'
        ? ({ values }) => [Math.min(values[a]![0], values[b]![0]), Math.min(values[a]![1], values[b]![1])]
        : ({ values }) => [Math.max(values[a]![0], values[b]![0]), Math.max(values[a]![1], values[b]![1])]
    case 'not':
      return ({ values }) => not(values[a]!)
    case 'reduce':
      throw new TypeError('internal error: a sum must be expanded before its bounds can be computed')
  }
}

const constant =
  (value: Interval): Operation =>
  () =>
    value

type Binary = Extract<Expression, { kind: 'binary' }>

function binaryOperation({ operator, left, right }: Binary, a: number, b: number): Operation {
  switch (operator) {
    case '+':
      return ({ values }) => add(values[a]!, values[b]!)
    case '-':
      return ({ values }) => subtract(values[a]!, values[b]!)
    case '*':
      return left === right ? ({ values }) => power(values[a]!, 2) : ({ values }) => multiply(values[a]!, values[b]!)
    case '/':
      return ({ values }) => divide(values[a]!, values[b]!)
    case '^': {
      if (right.kind === 'number' && Number.isInteger(right.value) && Math.abs(right.value) <= 64) {
        const { value } = right
        return ({ values }) => power(values[a]!, value)
      }
      return ({ values }) => {
        const base = values[a]!
        if (!(base[0] > 0)) return everything
        return increasing(elementary.exp, multiply(values[b]!, increasing(elementary.log, base)), [0, everything[1]])
      }
    }
  }
}

/** The values of the functions that never fall. */
const ranges = {
  exp: [0, everything[1]],
  softplus: [0, everything[1]],
  sigmoid: [0, 1],
  tanh: [-1, 1],
  erf: [-1, 1],
  sinh: everything,
  atan: everything,
} satisfies Partial<Record<FunctionName, Interval>>

/** The lower end of a sum of squares may be this far below 0 after rounding outward. */
const rounded = 1e-290

function callOperation(word: FunctionName, a: number, b: number): Operation {
  switch (word) {
    case 'exp':
    case 'softplus':
    case 'sigmoid':
    case 'tanh':
    case 'erf':
    case 'sinh':
    case 'atan': {
      const f = elementary[word]
      const range = ranges[word]
      return ({ values }) => increasing(f, values[a]!, range)
    }
    case 'log':
      return ({ values }) => (values[a]![0] > 0 ? increasing(elementary.log, values[a]!) : everything)
    case 'sqrt':
      return (state) => {
        const of = state.values[a]!
        if (!(of[0] > 0)) state.smooth = false
        // The root of a negative number is NaN, which no interval contains. The unbounded interval leaves every
        // comparison with the root undecided.
        if (of[0] < -rounded) return everything
        return increasing(Math.sqrt, [Math.max(0, of[0]), of[1]], [0, everything[1]])
      }
    case 'sin':
      return ({ values }) => sine(values[a]!)
    case 'cos':
      return ({ values }) => cosine(values[a]!)
    case 'tan':
      return ({ values }) => divide(sine(values[a]!), cosine(values[a]!))
    case 'cosh':
      return ({ values }) => {
        const [low, high] = values[a]!
        const least = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high))
        return increasing(elementary.cosh, [least, Math.max(Math.abs(low), Math.abs(high))], [1, everything[1]])
      }
    case 'acos':
      return ({ values }) =>
        values[a]![0] < -1 || values[a]![1] > 1
          ? everything
          : negate(increasing((x) => -elementary.acos(x), values[a]!))
    case 'abs':
      return (state) => {
        const [low, high] = kinkAtZero(state, state.values[a]!)
        return low >= 0 ? [low, high] : high <= 0 ? [-high, -low] : [0, Math.max(-low, high)]
      }
    case 'relu':
      return (state) => {
        const [low, high] = kinkAtZero(state, state.values[a]!)
        return [Math.max(0, low), Math.max(0, high)]
      }
    case 'sign':
      return (state) => {
        const [low, high] = kinkAtZero(state, state.values[a]!)
        return [elementary.sign(low), elementary.sign(high)]
      }
    case 'min':
    case 'max':
      return (state) => {
        const [one, other] = [state.values[a]!, state.values[b]!]
        if (!(one[1] < other[0] || other[1] < one[0])) state.smooth = false
        const pick = word === 'min' ? Math.min : Math.max
        return [pick(one[0], other[0]), pick(one[1], other[1])]
      }
  }
}

function kinkAtZero(state: State, of: Interval): Interval {
  if (of[0] <= 0 && of[1] >= 0) state.smooth = false
  return of
}

const yes: Interval = [1, 1]
const no: Interval = [0, 0]
const maybe: Interval = [0, 1]

type Comparison = (l: Interval, r: Interval) => Interval

const decide = (holds: boolean, fails: boolean): Interval => (holds ? yes : fails ? no : maybe)
const isLess: Comparison = (l, r) => decide(l[1] < r[0], l[0] >= r[1])
const isAtMost: Comparison = (l, r) => decide(l[1] <= r[0], l[0] > r[1])
const isEqual: Comparison = (l, r) =>
  decide(l[0] === l[1] && r[0] === r[1] && l[0] === r[0], l[1] < r[0] || r[1] < l[0])

const comparisons: Readonly<Record<Extract<Expression, { kind: 'compare' }>['operator'], Comparison>> = {
  '<': isLess,
  '<=': isAtMost,
  '>': (l, r) => isLess(r, l),
  '>=': (l, r) => isAtMost(r, l),
  '==': isEqual,
  '!=': (l, r) => not(isEqual(l, r)),
}

const not = ([low, high]: Interval): Interval => [1 - high, 1 - low]

/** The names in an expanded expression and, as strings, the constant indices of elements ('2' for x[2]). */
export function namesOf(e: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  fold<null>(e, (node) => {
    if (node.kind === 'name') names.add(node.name)
    if (node.kind === 'element' && node.index.kind === 'number') names.add(String(node.index.value))
    return null
  })
  return names
}
