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
  smooth: boolean
}

/** Takes the intervals of up to three operands. */
type Operation = (a: Interval, b: Interval, c: Interval, state: State) => Interval

/**
 * Sums in the expressions must be expanded first. Each operation rounds outward, so that the result holds for all
 * points of the box. Subexpressions that occur several times are evaluated once. A condition that the box does not
 * decide has the value [0, 1].
 */
export function program(expressions: readonly Expression[], places: Places): Program {
  const steps: { readonly operation: Operation; readonly operands: readonly number[] }[] = []
  const place = cachedFold<number>((e, operands) => steps.push({ operation: operationOf(e, places), operands }) - 1)
  const outputs = expressions.map(place)
  const evaluate = (box: readonly Interval[]): Ranges => {
    const state: State = { box, smooth: true }
    const values = new Array<Interval>(steps.length)
    steps.forEach(({ operation, operands: [a = 0, b = 0, c = 0] }, i) => {
      values[i] = operation(values[a]!, values[b]!, values[c]!, state)
    })
    return { values: outputs.map((at) => values[at]!), smooth: state.smooth }
  }
  return Object.assign(evaluate, { operations: steps.length })
}

function operationOf(e: Expression, places: Places): Operation {
  switch (e.kind) {
    case 'number': {
      const value = point(e.value)
      return () => value
    }
    case 'name': {
      const at = places.names.get(e.name)
      if (at === undefined) throw new TypeError(`internal error: no position is known for ${e.name}`)
      return (_a, _b, _c, { box }) => box[at]!
    }
    case 'element': {
      if (e.index.kind !== 'number' || places.first === null)
        throw new TypeError(`internal error: no position is known for ${e.name}[..]`)
      const at = places.first + e.index.value - 1
      return (_a, _b, _c, { box }) => box[at] ?? everything
    }
    case 'negate':
      return negate
    case 'binary':
      if (e.operator === '^') return powerOf(e.right)
      return e.operator === '*' && e.left === e.right ? (a) => power(a, 2) : arithmetic[e.operator]
    case 'call':
      return functions[e.function]
    case 'select':
      return ([least, most], chosen, other, state) => {
        if (least === 1) return chosen
        if (most === 0) return other
        state.smooth = false
        return hull(chosen, other)
      }
    case 'compare':
      return comparisons[e.operator]
    case 'logic': {
      const pick = e.operator === '&&' ? Math.min : Math.max
      return (a, b) => [pick(a[0], b[0]), pick(a[1], b[1])]
    }
    case 'not':
      return not
    case 'reduce':
      throw new TypeError('internal error: a sum must be expanded before its bounds can be computed')
  }
}

const arithmetic = { '+': add, '-': subtract, '*': multiply, '/': divide }

function powerOf(exponent: Expression): Operation {
  if (exponent.kind === 'number' && Number.isInteger(exponent.value) && Math.abs(exponent.value) <= 64)
    return (base) => power(base, exponent.value)
  return (base, by) =>
    base[0] > 0 ? increasing(elementary.exp, multiply(by, increasing(elementary.log, base)), positive) : everything
}

const positive: Interval = [0, everything[1]]
/** The lower end of a sum of squares may be this far below 0 after rounding outward. */
const rounded = 1e-290

const rising =
  (f: (x: number) => number, range: Interval): Operation =>
  (a) =>
    increasing(f, a, range)

/** A function with a kink at 0, which is monotone on either side. */
const kinked =
  (of: (a: Interval) => Interval): Operation =>
  (a, _b, _c, state) => {
    if (a[0] <= 0 && a[1] >= 0) state.smooth = false
    return of(a)
  }

const extreme =
  (pick: (x: number, y: number) => number): Operation =>
  (a, b, _c, state) => {
    if (!(a[1] < b[0] || b[1] < a[0])) state.smooth = false
    return [pick(a[0], b[0]), pick(a[1], b[1])]
  }

const magnitude = ([low, high]: Interval): Interval =>
  low >= 0 ? [low, high] : high <= 0 ? [-high, -low] : [0, Math.max(-low, high)]

const functions: Readonly<Record<FunctionName, Operation>> = {
  exp: rising(elementary.exp, positive),
  softplus: rising(elementary.softplus, positive),
  sigmoid: rising(elementary.sigmoid, [0, 1]),
  tanh: rising(elementary.tanh, [-1, 1]),
  erf: rising(elementary.erf, [-1, 1]),
  sinh: rising(elementary.sinh, everything),
  atan: rising(elementary.atan, everything),
  log: (a) => (a[0] > 0 ? increasing(elementary.log, a) : everything),
  sqrt(a, _b, _c, state) {
    if (!(a[0] > 0)) state.smooth = false
    // The root of a negative number is NaN, which no interval contains. The unbounded interval leaves every comparison
    // with the root undecided.
    return a[0] < -rounded ? everything : increasing(Math.sqrt, [Math.max(0, a[0]), a[1]], positive)
  },
  sin: sine,
  cos: cosine,
  tan: (a) => divide(sine(a), cosine(a)),
  cosh: (a) => increasing(elementary.cosh, magnitude(a), [1, everything[1]]),
  acos: (a) => (a[0] < -1 || a[1] > 1 ? everything : negate(increasing((x) => -elementary.acos(x), a))),
  abs: kinked(magnitude),
  relu: kinked(([low, high]) => [Math.max(0, low), Math.max(0, high)]),
  sign: kinked(([low, high]) => [elementary.sign(low), elementary.sign(high)]),
  min: extreme(Math.min),
  max: extreme(Math.max),
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
