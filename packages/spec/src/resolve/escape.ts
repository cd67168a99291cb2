import type { Escape } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import type { Condition } from './condition.ts'
import { resolveDescent } from './descent.ts'
import type { Frame } from './frame.ts'
import { refuseUnknownKeys } from './keys.ts'
import { placeNamed } from './minima.ts'
import { checkCount } from './names.ts'
import { resolvePoint } from './point.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import type { Scope } from './scope.ts'

export function resolveEscape(
  scope: Scope,
  trial: Frame,
  resolved: ResolvedLandscape,
  condition: Condition,
): Escape | null {
  const written = trial.get('escape')
  if (written === undefined) return null
  if (typeof written === 'string') return { kind: 'exits', exits: [['', condition(trial, 'escape')]] }
  const frame = trial.inner('escape')
  const names = Object.keys(frame.object)
  if (isMapping(frame.get('outside'))) {
    refuseUnknownKeys(frame, ['outside'], '`outside` cannot be combined with other exits')
    return outside(scope, frame.inner('outside'), resolved)
  }
  // A string under `basin` is the condition of an exit named basin, not a basin escape.
  if (frame.get('basin') !== undefined && typeof frame.get('basin') !== 'string') return basin(scope, frame)
  if (names.length === 0)
    throw new Mistake('MISSING', frame.path(), { expected: 'a condition, or at least one named exit' })
  checkCount(names.length, limits.exits, 'exits', frame.path())
  return { kind: 'exits', exits: collectEach(names, (name) => [name, exit(frame, name, condition)] as const) }
}

function exit(frame: Frame, name: string, condition: Condition): string {
  const value = frame.get(name)
  if (typeof value === 'string') return condition(frame, name)
  throw new Mistake('WRONG_TYPE', frame.at(name), { value, expected: 'a condition such as "x >= 0"' })
}

function outside(scope: Scope, frame: Frame, { landscape, minima }: ResolvedLandscape): Escape {
  const { radius, of } = collectParts({
    radius: () => scope.number(frame, 'radius', ranges.positive),
    of: () => {
      const of = frame.get('of')
      if (typeof of === 'string') return placeNamed(of, minima, frame.at('of'))[1]
      return resolvePoint(scope, frame, 'of', landscape.dimension)
    },
  })
  return { kind: 'outside', radius, of }
}

function basin(scope: Scope, frame: Frame): Escape {
  const { every, descent } = collectParts({
    keys: () =>
      refuseUnknownKeys(
        frame,
        ['basin', 'every', 'gradient', 'eta', 'steps'],
        '`basin` cannot be combined with other exits',
      ),
    basin: () => {
      const value = frame.get('basin')
      if (value !== true) throw new Mistake('WRONG_TYPE', frame.at('basin'), { value, expected: 'true' })
    },
    every: () => scope.number(frame, 'every', ranges.hold, 1),
    descent: () => resolveDescent(scope, frame),
  })
  return { kind: 'basin', every, descent }
}
