import type { Start } from '../cell.ts'
import { Mistake } from '../errors.ts'
import type { ResolvedLandscape } from './landscape.ts'
import { minimumNamed } from './minima.ts'
import { resolvePoint } from './point.ts'
import type { Scope } from './scope.ts'

export function resolveStart(scope: Scope, { landscape, minima }: ResolvedLandscape): Start {
  const frame = scope.root.inner('start')
  if (Array.isArray(frame.object))
    return { kind: 'point', point: resolvePoint(scope, scope.root, 'start', landscape.dimension) }
  const kind = Object.keys(frame.object)[0]!
  if (kind !== 'minimum') {
    throw new Mistake(
      'NOT_YET_BUILT',
      frame.at(kind),
      { reason: `starts of kind ${kind}`, hint: 'write a point [..] or {minimum: NAME}' },
      'key',
    )
  }
  return { kind: 'point', point: minimumNamed(String(frame.get('minimum')), minima, frame.at('minimum'))[1] }
}
