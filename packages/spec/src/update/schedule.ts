import { evaluate } from '@driftfarm/formula'
import * as z from 'zod'
import type { Schedule } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { keys, numberOrExpression, oneKey, quantity, text } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { closed, isInRange, type Range, ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { rewrite } from '../field/vocabulary.ts'
import { collectParts } from '../mistakes.ts'

/** A number as a function of the step n = 0, 1, ... */
export function scheduleSchema(range: Range, description: string) {
  const forms = oneKey({
    power: keys({
      initial: quantity(range, 'The value at n = 0.'),
      offset: quantity(ranges.positive, 'The number of steps after which the decay sets in.'),
      exponent: quantity(ranges.any, 'The exponent of the power-law decay.'),
    })
      .meta({ description: 'initial * (1 + n/offset)^-exponent' })
      .optional(),
    exponential: keys({
      initial: quantity(range, 'The value at n = 0.'),
      rate: quantity(ranges.positive, 'The factor from one step to the next.'),
    })
      .meta({ description: 'initial * rate^n' })
      .optional(),
    cosine: keys({
      initial: quantity(range, 'The value at n = 0.'),
      final: quantity(closed(range), 'The value at n = steps and later.'),
      steps: quantity(ranges.steps, 'The number of steps from initial to final.'),
    })
      .meta({ description: 'from initial to final along half a period of a cosine in `steps` steps, then final' })
      .optional(),
    piecewise: z
      .array(z.tuple([quantity(ranges.stepIndex), quantity(range)], { error: 'a pair [n, value]' }), {
        error: 'a list of [n, value]',
      })
      .min(1, { error: 'at least one [n, value]' })
      .meta({ description: '[[0, a], [500, b]]: a before step 500, then b' })
      .optional(),
    expression: text('an expression over n').meta({ description: 'an expression over n' }).optional(),
  })
  const schedules = '{power | exponential | cosine | piecewise | expression}'
  const expected = `${range.expected}, "= expression" or a schedule ${schedules}`
  return z.union([...numberOrExpression(range, expected), forms], { error: expected }).meta({ description })
}

export function resolveSchedule(scope: Scope, frame: Frame, key: string | number, range: Range): Schedule {
  if (!isMapping(frame.get(key))) return { kind: 'constant', value: scope.number(frame, key, range) }
  const forms = frame.inner(key)
  const form = Object.keys(forms.object)[0]!
  const inner = forms.inner(form)
  const at = (key: string, range: Range) => () => scope.number(inner, key, range)
  const initial = at('initial', range)
  switch (form) {
    case 'power':
      return {
        kind: 'power',
        ...collectParts({ initial, offset: at('offset', ranges.positive), exponent: at('exponent', ranges.any) }),
      }
    case 'exponential':
      return { kind: 'exponential', ...collectParts({ initial, rate: at('rate', ranges.positive) }) }
    case 'cosine':
      return {
        kind: 'cosine',
        ...collectParts({ initial, final: at('final', closed(range)), steps: at('steps', ranges.steps) }),
      }
    case 'piecewise':
      return { kind: 'piecewise', points: piecewise(scope, inner, range) }
    default:
      return { kind: 'expression', expression: overSteps(scope, forms, range) }
  }
}

function piecewise(scope: Scope, list: Frame, range: Range): (readonly [number, number])[] {
  let before = -1
  return (list.object as readonly unknown[]).map((_, i) => {
    const pair = list.inner(i)
    const from = scope.number(pair, 0, ranges.stepIndex)
    const expected = before < 0 ? '0 as the first step' : `a step after ${before}`
    if (before < 0 ? from !== 0 : from <= before)
      throw new Mistake('OUT_OF_RANGE', pair.at(0), { value: from, expected })
    before = from
    return [from, scope.number(pair, 1, range)] as const
  })
}

/** Checks the value only at step n = 0. Every trial takes this step, but some trials end before later steps. */
function overSteps(scope: Scope, frame: Frame, range: Range): string {
  const path = frame.at('expression')
  const text = String(frame.get('expression'))
  const known = scope.expressions.formula(text, path)
  const vocabulary = { variables: [], dimension: 0, parameters: new Set<string>(), quantities: ['n'] }
  const numberOf = (name: string) => scope.named(name, { frame, key: 'expression', text, besides: ['n'] })
  const expression = rewrite(known, vocabulary, { letNames: [], letNumber: numberOf }, path)
  const first = evaluate(known.expression, {
    name: (name) => (name === 'n' ? 0 : numberOf(name)),
    element: () => Number.NaN,
  }) as number
  if (!Number.isFinite(first))
    throw new Mistake('NOT_FINITE', path, { value: String(first), reason: `${text} at n = 0` })
  if (!isInRange(first, range)) {
    throw new Mistake('OUT_OF_RANGE', path, { value: `${text} (${first} at n = 0)`, expected: range.expected })
  }
  return expression
}
