import { evaluate, parseNumber } from '@driftfarm/formula'
import * as z from 'zod'
import type { Schedule } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake, outOfRange } from '../errors.ts'
import { keys, numberOrExpression, oneKey, quantity, text } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { closed, isInRange, type Range, ranges } from '../field/range.ts'
import { number, readersOf, shapeOf, type Table } from '../field/section.ts'
import { rewriteNumbers } from '../field/vocabulary.ts'
import { collectParts } from '../mistakes.ts'

/** A number as a function of the step n = 0, 1, ... */
export function schedule(range: Range, description: string) {
  const initial = number(range, 'The value at n = 0.')
  const forms = {
    power: {
      initial,
      offset: number(ranges.positive, 'The number of steps after which the decay sets in.'),
      exponent: number(ranges.any, 'The exponent of the power-law decay.'),
    },
    exponential: { initial, rate: number(ranges.positive, 'The factor from one step to the next.') },
    cosine: {
      initial,
      final: number(closed(range), 'The value at n = steps and later.'),
      steps: number(ranges.steps, 'The number of steps from initial to final.'),
    },
  }
  const written = oneKey({
    power: keys(shapeOf(forms.power)).describe('initial * (1 + n/offset)^-exponent'),
    exponential: keys(shapeOf(forms.exponential)).describe('initial * rate^n'),
    cosine: keys(shapeOf(forms.cosine)).describe(
      'from initial to final along half a period of a cosine in `steps` steps, then final',
    ),
    piecewise: z
      .array(z.tuple([quantity(ranges.stepIndex), quantity(range)], { error: 'a pair [n, value]' }), {
        error: 'a list of [n, value]',
      })
      .min(1, { error: 'at least one [n, value]' })
      .describe('[[0, a], [500, b]]: a before step 500, then b'),
    expression: text('an expression over n').describe('an expression over n'),
  })
  const schedules = '{power | exponential | cosine | piecewise | expression}'
  const expected = `${range.expected}, "= expression" or a schedule ${schedules}`
  return {
    schema: z.union([...numberOrExpression(range, expected), written], { error: expected }).describe(description),
    read: (frame: Frame, key: string): Schedule => {
      if (!isMapping(frame.get(key))) return { kind: 'constant', value: frame.number(key, range) }
      const holder = frame.inner(key)
      const kind = Object.keys(holder.object)[0] as Schedule['kind']
      const inner = holder.inner(kind)
      if (kind === 'piecewise') return { kind, points: piecewise(inner, range) }
      if (kind === 'expression') return { kind, expression: overSteps(holder, range) }
      const numbers = collectParts<object>(readersOf<Table>(forms[kind as keyof typeof forms], inner))
      return { kind, ...numbers } as Schedule
    },
  }
}

function piecewise(list: Frame, range: Range): (readonly [number, number])[] {
  let before = -1
  return (list.object as readonly unknown[]).map((_, i) => {
    const pair = list.inner(i)
    const from = pair.number(0, ranges.stepIndex)
    const expected = before < 0 ? '0 as the first step' : `a step after ${before}`
    if (before < 0 ? from !== 0 : from <= before) throw outOfRange(pair.at(0), from, expected)
    before = from
    return [from, pair.number(1, range)] as const
  })
}

/** Checks the value only at step n = 0. Every trial takes this step, but some trials end before later steps. */
function overSteps(frame: Frame, range: Range): string {
  const path = frame.at('expression')
  const text = String(frame.get('expression'))
  const known = frame.scope.expressions.formula(text, path)
  const expression = rewriteNumbers(known, frame, 'expression', ['n'])
  const first = evaluate(parseNumber(expression), () => 0) as number
  if (!Number.isFinite(first))
    throw new Mistake('NOT_FINITE', path, { value: String(first), reason: `${text} at n = 0` })
  if (!isInRange(first, range)) {
    throw outOfRange(path, `${text} (${first} at n = 0)`, range.expected)
  }
  return expression
}
