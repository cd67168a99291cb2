import type { Law, VectorLaw } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { isSpherical, type LawName, laws, numberedLaws } from '../laws.ts'
import { each, together } from '../mistakes.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'

/** `law: cauchy`, `law: {student: {nu: 3}}`, or the number beside it: `law: student, nu: 3`. */
export function resolveLaw(scope: Scope, frame: Frame): Law {
  const written = frame.get('law') ?? 'gaussian'
  const isWord = typeof written === 'string'
  const kind = (isWord ? written : Object.keys(written)[0]!) as LawName
  const holder = isWord ? frame : frame.inner('law').inner(kind)
  const { number } = laws[kind]
  const { law } = together({
    numbers: () => refuseNumbers(frame, kind, isWord),
    law: () =>
      (number === null ? { kind } : { kind, [number.key]: scope.number(holder, number.key, number.range) }) as Law,
  })
  return law
}

/** The numbers of other laws, and one that stands twice. */
function refuseNumbers(frame: Frame, kind: LawName, isWord: boolean): void {
  each(numberedLaws, ({ key, name: owner }) => {
    if (frame.get(key) === undefined || (owner === kind && isWord)) return
    const hint = `${key} belongs to law: ${owner}`
    const details = { word: key, hint: owner === kind ? `${hint}, once` : hint }
    throw new Mistake('UNKNOWN_KEY', frame.at(key), details, 'key')
  })
}

/** Sphere and ball are spherical whatever is said, and a spherical gaussian is one of independent coordinates. */
export function vectorLaw(scope: Scope, frame: Frame): VectorLaw {
  const law = resolveLaw(scope, frame)
  return { law, isotropic: isSpherical(law.kind, frame.get('isotropic') === true) }
}
