import { constants, type Expression, parse, simplify } from '@driftfarm/formula'
import type { Cell, Schedule } from '@driftfarm/spec'

const pi = constants.get('pi')!

/** Step sizes and scales of a cell as expressions over `n` and parameters whose names no user can write. */
export interface Scales {
  readonly eta: Expression
  /** One a drift entry: what multiplies xi. */
  readonly drift: readonly Expression[]
  readonly parameters: ReadonlyMap<string, number>
}

export function scalesOf(cell: Cell): Scales {
  const parameters = new Map<string, number>()
  const eta = scheduleExpression(cell.update.eta, 'eta', parameters)
  const drift = cell.update.drift.map((entry, index) => {
    const value = scheduleExpression(entry.amount, `drift${index}`, parameters)
    // temperature: sqrt((2 eta_n) T_n).
    return entry.form === 'additive' && entry.scale === 'temperature'
      ? call('sqrt', times(times(literal(2), eta), value))
      : value
  })
  return { eta, drift, parameters }
}

/** The order of operations of every schedule; the exponent is never structural, so powers are `elementary.power`. */
function scheduleExpression(schedule: Schedule, prefix: string, parameters: Map<string, number>): Expression {
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
    case 'piecewise':
      return schedule.points.slice(1).reduce(
        (otherwise: Expression, [from, value], index): Expression => ({
          kind: 'select',
          condition: { kind: 'compare', operator: '>=', left: n, right: named(`from${index + 1}`, from) },
          // biome-ignore lint/suspicious/noThenProperty: the name of a branch
          then: named(`value${index + 1}`, value),
          otherwise,
        }),
        named('value0', schedule.points[0]?.[1] ?? 0),
      )
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
