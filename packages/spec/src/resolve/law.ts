import type { Law, VectorLaw } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'

/** `law: cauchy`, `law: {student: {nu: 3}}`, or the number beside it: `law: student, nu: 3`. */
export function resolveLaw(scope: Scope, frame: Frame): Law {
  const written = frame.get('law') ?? 'gaussian'
  const isWord = typeof written === 'string'
  const kind = (isWord ? written : Object.keys(written)[0]!) as Law['kind']
  const holder = isWord ? frame : frame.inner('law').inner(kind)
  for (const [key, owner] of [
    ['nu', 'student'],
    ['alpha', 'stable'],
  ] as const) {
    const isTaken = frame.get(key) !== undefined
    if (isTaken && (owner !== kind || !isWord)) {
      const hint = `${key} belongs to law: ${owner}`
      throw new Mistake(
        'UNKNOWN_KEY',
        frame.at(key),
        { word: key, hint: owner === kind ? `${hint}, once` : hint },
        'key',
      )
    }
  }
  switch (kind) {
    case 'student':
      return { kind, nu: scope.number(holder, 'nu', ranges.positive) }
    case 'stable':
      return { kind, alpha: scope.number(holder, 'alpha', ranges.alpha) }
    default:
      return { kind }
  }
}

/** Sphere and ball are spherical whatever is said, and a spherical gaussian is one of independent coordinates. */
export function vectorLaw(scope: Scope, frame: Frame): VectorLaw {
  const law = resolveLaw(scope, frame)
  const isSpherical = law.kind === 'sphere' || law.kind === 'ball'
  return { law, isotropic: isSpherical || (law.kind !== 'gaussian' && frame.get('isotropic') === true) }
}
