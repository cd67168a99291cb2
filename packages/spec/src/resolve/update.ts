import type { Drift, Rule, Schedule, Update } from '../cell.ts'
import type { Path } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import { flowStyle } from '../words/flowStyle.ts'
import { conditionReader } from './condition.ts'
import { resolveDrift } from './drift.ts'
import type { Frame } from './frame.ts'
import { checkCount } from './names.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import { resolveRule } from './rule.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'

export function resolveUpdate(scope: Scope, resolved: ResolvedLandscape): Update {
  return collectParts<Update>({
    rule: () => updateRule(scope),
    eta: () => resolveEta(scope),
    drift: () => resolveDrifts(scope, resolved),
  })
}

/** Reads all keys of the update except step size and drift. */
export function updateRule(scope: Scope): Rule {
  return resolveRule(scope, updateOf(scope))
}

export function resolveEta(scope: Scope): Schedule {
  return resolveSchedule(scope, updateOf(scope), 'eta', ranges.positive)
}

function updateOf(scope: Scope): Frame {
  return scope.root.inner('update')
}

export function resolveDrifts(scope: Scope, resolved: ResolvedLandscape): readonly Drift[] {
  const frame = updateOf(scope)
  const drift = frame.get('drift')
  if (drift === undefined || drift === 'none') return []
  const condition = conditionReader(scope, resolved, { mayBeSwitch: true })
  const inner = frame.inner('drift')
  if (!Array.isArray(inner.object)) return [resolveDrift(scope, inner, resolved, condition)]
  checkEntries(inner.object, inner.path())
  checkCount(inner.object.length, limits.drifts, 'drifts', inner.path())
  return collectEach(inner.object, (_, i) => resolveDrift(scope, inner.inner(i), resolved, condition))
}

/**
 * Refuses lists such as `- form: additive` followed by `- sigma: 1`, which are two incomplete drifts where one was
 * meant.
 */
function checkEntries(list: readonly unknown[], path: Path): void {
  const keys = list.flatMap((entry) => (isMapping(entry) ? Object.keys(entry) : []))
  const isSplit = list.length > 1 && keys.length === list.length && new Set(keys).size === keys.length
  if (!isSplit || keys.filter((key) => /^(sigma|step|temperature|q|probability)$/.test(key)).length > 1) return
  const one = flowStyle(Object.assign({}, ...list)) ?? '{ law: gaussian, sigma: 1 }'
  throw new Mistake('WRONG_TYPE', path, {
    value: list,
    expected: 'a list of complete drifts',
    hint: `write the keys of one drift together, without \`-\` before the keys: drift: ${one}`,
  })
}
