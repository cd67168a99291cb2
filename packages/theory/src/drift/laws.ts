import type { Law } from '@driftfarm/spec'
import { ball } from './ball.ts'
import { cauchy } from './cauchy.ts'
import type { DriftLaw } from './driftLaw.ts'
import { gaussian } from './gaussian.ts'
import { laplace } from './laplace.ts'
import { rademacher } from './rademacher.ts'
import { sphere } from './sphere.ts'
import { stable } from './stable.ts'
import { student } from './student.ts'
import { uniform } from './uniform.ts'

type Named<L, Kind> = L extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Omit<L, 'kind'> : never) : never

/** For a law with parameters, the entry is a function that makes the distribution from the parameters in the spec. */
const laws: { readonly [Kind in Law['kind']]: DriftLaw | ((numbers: Named<Law, Kind>) => DriftLaw) } = {
  gaussian,
  uniform,
  rademacher,
  laplace,
  student,
  cauchy,
  stable,
  sphere,
  ball,
}

export function driftLaw(law: Law): DriftLaw {
  const known = laws[law.kind] as DriftLaw | ((numbers: Law) => DriftLaw)
  return typeof known === 'function' ? known(law) : known
}
