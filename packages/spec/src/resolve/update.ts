import type { Drift, Update } from '../cell.ts'
import { limits } from '../limits.ts'
import { each, together } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import { conditionReader } from './condition.ts'
import { resolveDrift } from './drift.ts'
import type { Frame } from './frame.ts'
import { checkCount } from './names.ts'
import type { ResolvedLandscape } from './resolved-landscape.ts'
import { resolveRule } from './rule.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'

export function resolveUpdate(scope: Scope, resolved: ResolvedLandscape): Update {
  const frame = scope.root.inner('update')
  return together<Update>({
    rule: () => resolveRule(scope, frame),
    eta: () => resolveSchedule(scope, frame, 'eta', ranges.positive),
    drift: () => drifts(scope, frame, resolved),
  })
}

function drifts(scope: Scope, frame: Frame, resolved: ResolvedLandscape): Drift[] {
  const drift = frame.get('drift')
  if (drift === undefined || drift === 'none') return []
  const condition = conditionReader(scope, resolved, { mayBeSwitch: true })
  const inner = frame.inner('drift')
  if (!Array.isArray(inner.object)) return [resolveDrift(scope, inner, resolved, condition)]
  checkCount(inner.object.length, limits.drifts, 'drifts', inner.path())
  return each(inner.object, (_, i) => resolveDrift(scope, inner.inner(i), resolved, condition))
}
