import type { Drift, Update } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { ranges } from '../schema/range.ts'
import { resolveDrift } from './drift.ts'
import type { Frame } from './frame.ts'
import { checkCount } from './names.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'

export function resolveUpdate(scope: Scope): Update {
  const frame = scope.root.inner('update')
  return {
    rule: rule(scope, frame),
    eta: resolveSchedule(scope, frame, 'eta', ranges.positive),
    drift: drifts(scope, frame),
  }
}

function rule(scope: Scope, frame: Frame): Update['rule'] {
  if (frame.get('custom') !== undefined) {
    throw new Mistake(
      'NOT_YET_BUILT',
      frame.at('custom'),
      { reason: 'custom rules', hint: 'use rule: gradient or momentum' },
      'key',
    )
  }
  const name = frame.get('rule') ?? 'gradient'
  if (name !== 'gradient' && name !== 'momentum') {
    throw new Mistake('NOT_YET_BUILT', frame.at('rule'), {
      value: name,
      reason: `rule ${name}`,
      hint: 'use rule: gradient or momentum',
    })
  }
  const known = name === 'momentum' ? ['rule', 'eta', 'beta', 'drift'] : ['rule', 'eta', 'drift']
  for (const key of ['beta', 'beta1', 'beta2', 'alpha', 'epsilon']) {
    if (frame.get(key) !== undefined && !known.includes(key)) {
      const hint = `rule ${name} has no ${key}: it takes ${known.join(', ')}`
      throw new Mistake('UNKNOWN_KEY', frame.at(key), { word: key, known, hint }, 'key')
    }
  }
  return name === 'gradient'
    ? { kind: 'gradient' }
    : { kind: 'momentum', beta: scope.number(frame, 'beta', ranges.beta) }
}

function drifts(scope: Scope, frame: Frame): Drift[] {
  const drift = frame.get('drift')
  if (drift === undefined || drift === 'none') return []
  const inner = frame.inner('drift')
  if (!Array.isArray(inner.object)) return [resolveDrift(scope, inner)]
  checkCount(inner.object.length, limits.drifts, 'drifts', inner.path())
  return inner.object.map((_, i) => resolveDrift(scope, inner.inner(i)))
}
