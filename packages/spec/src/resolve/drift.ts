import type { Drift, Law } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'

const scales = ['sigma', 'step', 'temperature'] as const
const laws: readonly unknown[] = ['gaussian', 'uniform', 'rademacher'] satisfies Law['kind'][]

export function resolveDrift(scope: Scope, frame: Frame): Drift {
  const form = frame.get('form') ?? 'additive'
  if (form !== 'additive') throw notYet(frame, 'form', `drift form ${form}`, 'use form: additive')
  const law = frame.get('law') ?? 'gaussian'
  if (!laws.includes(law)) {
    const name = typeof law === 'string' ? law : Object.keys(law)[0]
    throw notYet(frame, 'law', `law ${name}`, `use law: ${laws.join(', ')}`)
  }
  refuseLater(scope, frame)
  const given = scales.filter((scale) => frame.get(scale) !== undefined)
  if (given.length !== 1) {
    const reason = given.length === 0 ? 'none' : given.join(' and ')
    throw new Mistake('EXACTLY_ONE', frame.path(), { known: scales, reason })
  }
  const scale = given[0]!
  const amount = resolveSchedule(scope, frame, scale, ranges.nonNegative)
  return { form, law: { kind: law } as Law, isotropic: false, scale, amount, when: null, every: 1 }
}

function refuseLater(scope: Scope, frame: Frame): void {
  if (frame.get('isotropic') === true) throw notYet(frame, 'isotropic', 'isotropic laws', 'leave isotropic out')
  if (frame.get('when') !== undefined) throw notYet(frame, 'when', 'drift under a condition', 'leave `when` out')
  if (frame.get('every') !== undefined && scope.number(frame, 'every', ranges.hold) !== 1) {
    throw notYet(frame, 'every', 'drift at every k-th step', 'leave `every` out')
  }
  for (const key of ['probability', 'q', 'matrix', 'nu', 'alpha']) {
    if (frame.get(key) !== undefined) throw notYet(frame, key, `drift with ${key}`, `leave ${key} out`)
  }
}

function notYet(frame: Frame, key: string, reason: string, hint: string): Mistake {
  return new Mistake('NOT_YET_BUILT', frame.at(key), { value: frame.get(key), reason, hint })
}
