import type { Converge } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import type { Condition } from './condition.ts'
import type { Frame } from './frame.ts'
import { onlyOne } from './keys.ts'
import { type Minimum, placeNamed } from './minima.ts'
import { resolvePoint } from './point.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import type { Scope } from './scope.ts'

const forms = ['within', 'gradient', 'when'] as const

export function resolveConverge(
  scope: Scope,
  trial: Frame,
  resolved: ResolvedLandscape,
  condition: Condition,
): Converge | null {
  if (trial.get('converge') === undefined) return null
  const frame = trial.inner('converge')
  const form = onlyOne(frame, forms)
  const hold = () => scope.number(frame, 'hold', ranges.hold, 1)
  if (form === 'within') {
    const radius = () => scope.number(frame, 'within', ranges.positive)
    return { kind: 'within', ...collectParts({ radius, of: () => centres(scope, frame, resolved), hold }) }
  }
  if (frame.get('of') !== undefined) {
    throw new Mistake('UNKNOWN_KEY', frame.at('of'), { word: 'of', hint: '`of` can be used only with `within`' }, 'key')
  }
  if (form === 'when') return { kind: 'when', ...collectParts({ when: () => condition(frame, 'when'), hold }) }
  const tolerance = () => scope.number(frame, 'gradient', ranges.nonNegative)
  return { kind: 'gradient', ...collectParts({ tolerance, hold }) }
}

function centres(scope: Scope, frame: Frame, { landscape, minima }: ResolvedLandscape): readonly Minimum[] {
  const of = frame.get('of') ?? 'any'
  if (typeof of !== 'string') return [['', resolvePoint(scope, frame, 'of', landscape.dimension)]]
  if (of !== 'any') return [placeNamed(of, minima, frame.at('of'))]
  if (minima.all.length === 0 && minima.absent.length + minima.broken.length === 0)
    throw new Mistake('NO_MINIMA', frame.at('of'))
  return minima.all
}
