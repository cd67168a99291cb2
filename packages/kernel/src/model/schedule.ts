import { constants, type Expression, parse, simplify } from '@driftfarm/formula'
import type { Cell, Schedule } from '@driftfarm/spec'

const pi = constants.get('pi')!

/**
 * Step sizes and drift scales of a cell as expressions over `n`, and over parameters and pieces with names that users
 * cannot write.
 */
export interface Scales {
  readonly eta: Expression
  /** For each drift entry the factor of xi. */
  readonly drift: readonly Expression[]
  readonly parameters: ReadonlyMap<string, number>
  /** Piecewise constant functions of n, by name. They are data, however many pieces they have. */
  readonly pieces: ReadonlyMap<string, Pieces>
}

/** The start of each piece, ascending from 0, and its value. */
export type Pieces = readonly (readonly [from: number, value: number])[]

/** The value of the last piece that begins at or before n. */
export function valueAt(pieces: Pieces, n: number): number {
  return pieces.findLast(([from]) => from <= n)![1]
}

export function scalesOf(cell: Cell): Scales {
  const parameters = new Map<string, number>()
  const pieces = new Map<string, Pieces>()
  const eta = scheduleExpression(cell.update.eta, 'eta', parameters, pieces)
  const drift = cell.update.drift.map((entry, index) => {
    const value = scheduleExpression(entry.amount, `drift${index}`, parameters, pieces)
    // temperature: sqrt((2 eta_n) T_n).
    return entry.form === 'additive' && entry.scale === 'temperature'
      ? call('sqrt', times(times(literal(2), eta), value))
      : value
  })
  return { eta, drift, parameters, pieces }
}

/**
 * Writes a schedule as an expression, which fixes its order of operations. Exponents are not literals, so powers are
 * `elementary.power`.
 */
function scheduleExpression(
  schedule: Schedule,
  prefix: string,
  parameters: Map<string, number>,
  pieces: Map<string, Pieces>,
): Expression {
  const n: Expression = { kind: 'name', name: 'n' }
  const named = (name: string, value: number): Expression => {
    parameters.set(`${prefix}.${name}`, value)
    return { kind: 'name', name: `${prefix}.${name}` }
  }
  switch (schedule.kind) {
    case 'constant':
      return named('value', schedule.value)
    case 'power': {
      const base = plus(literal(1), over(n, named('offset', schedule.offset)))
      return times(named('initial', schedule.initial), power(base, named('exponent', -schedule.exponent)))
    }
    case 'exponential':
      return times(named('initial', schedule.initial), power(named('rate', schedule.rate), n))
    case 'cosine': {
      const steps = named('steps', schedule.steps)
      const angle = over(times(literal(pi), { kind: 'call', function: 'min', arguments: [n, steps] }), steps)
      const final = named('final', schedule.final)
      const range = minus(named('initial', schedule.initial), final)
      return plus(final, over(times(range, plus(literal(1), call('cos', angle))), literal(2)))
    }
    case 'piecewise': {
      const name = `${prefix}.pieces`
      pieces.set(name, schedule.points)
      return { kind: 'name', name }
    }
    case 'expression':
      return simplify(parse(schedule.expression))
  }
}

function literal(value: number): Expression {
  return { kind: 'number', value }
}
function binary(operator: '+' | '-' | '*' | '/' | '^') {
  return (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right })
}
const plus = binary('+')
const minus = binary('-')
const times = binary('*')
const over = binary('/')
const power = binary('^')
function call(name: 'sqrt' | 'cos', argument: Expression): Expression {
  return { kind: 'call', function: name, arguments: [argument] }
}
