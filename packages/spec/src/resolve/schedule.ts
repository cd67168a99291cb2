import { evaluate } from '@driftfarm/formula'
import type { Schedule } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import { closed, isInRange, type Range, ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'
import { rewrite } from './vocabulary.ts'

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
