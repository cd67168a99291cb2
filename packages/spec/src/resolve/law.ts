import type { Law, VectorLaw } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { isSpherical, type LawName, lawNames, laws, mayBeSpherical, numberedLaws } from '../laws.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'

/**
 * Reads a distribution written as `law: cauchy`, as `law: {student: {nu: 3}}`, or with its parameter beside it: `law:
 * student, nu: 3`.
 */
export function resolveLaw(scope: Scope, frame: Frame): Law {
  const written = frame.get('law') ?? 'gaussian'
  const isWord = typeof written === 'string'
  const kind = (isWord ? written : Object.keys(written)[0]!) as LawName
  const holder = isWord ? frame : frame.inner('law').inner(kind)
  const { number } = laws[kind]
  const { law } = collectParts({
    numbers: () => refuseNumbers(frame, kind, isWord),
    law: () =>
      (number === null ? { kind } : { kind, [number.key]: scope.number(holder, number.key, number.range) }) as Law,
  })
  return law
}

function refuseNumbers(frame: Frame, kind: LawName, isWord: boolean): void {
  collectEach(numberedLaws, ({ key, name: owner }) => {
    if (frame.get(key) === undefined || (owner === kind && isWord)) return
    const hint = `${key} is a parameter of \`law: ${owner}\``
    const details = { word: key, hint: owner === kind ? `${hint}; give it only once` : hint }
    throw new Mistake('UNKNOWN_KEY', frame.at(key), details, 'key')
  })
}

/** The distributions `sphere` and `ball` are always spherical. For a Gaussian, `isotropic` makes no difference. */
export function vectorLaw(scope: Scope, frame: Frame): VectorLaw {
  const law = resolveLaw(scope, frame)
  if (frame.get('isotropic') === true && !mayBeSpherical(law.kind))
    throw new Mistake('DRIFT', frame.at('isotropic'), {
      value: true,
      reason: `the distribution ${law.kind} has no spherical form`,
      hint: `remove isotropic, or use one of ${lawNames.filter(mayBeSpherical).join(', ')}`,
    })
  return { law, isotropic: isSpherical(law.kind, frame.get('isotropic') === true) }
}
