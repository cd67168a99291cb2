import { build, type Expression, parseCondition, print } from '@driftfarm/formula'
import type { Cell, Landscape, Method, Trial } from '../cell.ts'

const { add, call, element, name, negate, number, raise, subtract } = build

/** Up to this dimension, the distance to a point is written out as an expression. */
const maxWritten = 100

/**
 * The default score is 0 or more where the escape condition holds, and at most 0 elsewhere. The score of a comparison
 * is the difference of its sides. The score of `a && b` is the minimum of the scores of a and b. For `a || b` and for
 * several exits it is the maximum. Null if the escape condition has no score of this form.
 */
export function scoreOf({ escape }: Trial, landscape: Landscape): string | null {
  switch (escape?.kind) {
    case 'exits': {
      const scores = escape.exits.map(([, when]) => margin(parseCondition(when), true))
      if (scores.some((score) => score === null)) return null
      return print((scores as Expression[]).reduce((most, next) => call('max', most, next)))
    }
    case 'outside': {
      const { variables, dimension } = landscape
      if (dimension > maxWritten) return null
      const coordinate = (i: number) => (variables === null ? element('x', number(i + 1)) : name(variables[i]!))
      const squares = escape.of.map((centre, i) => raise(from(coordinate(i), centre), number(2)))
      return print(from(call('sqrt', squares.reduce(add)), escape.radius))
    }
    default:
      return null
  }
}

function from(x: Expression, value: number): Expression {
  if (value === 0) return x
  return value < 0 ? add(x, number(-value)) : subtract(x, number(value))
}

function margin(condition: Expression, holds: boolean): Expression | null {
  switch (condition.kind) {
    case 'not':
      return margin(condition.argument, !holds)
    case 'logic': {
      const left = margin(condition.left, holds)
      const right = margin(condition.right, holds)
      if (left === null || right === null) return null
      return call((condition.operator === '&&') === holds ? 'min' : 'max', left, right)
    }
    case 'compare': {
      const { operator, left, right } = condition
      if (operator === '==' || operator === '!=') {
        const gap = call('abs', subtract(left, right))
        return (operator === '!=') === holds ? gap : negate(gap)
      }
      return (operator === '>' || operator === '>=') === holds ? difference(left, right) : difference(right, left)
    }
    default:
      return null
  }
}

function difference(left: Expression, right: Expression): Expression {
  if (right.kind === 'number' && right.value === 0) return left
  return left.kind === 'number' && left.value === 0 ? negate(right) : subtract(left, right)
}

/** The splitting method of a cell with the default score; null if there is no default score for its escape. */
export function splittingOf(
  { trial, landscape }: Cell,
  { particles, kill }: { readonly particles: number; readonly kill: number },
): Method | null {
  const score = scoreOf(trial, landscape)
  return score === null ? null : { kind: 'splitting', score, target: null, particles, kill }
}
