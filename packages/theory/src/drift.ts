import type { Law } from '@driftfarm/spec'
import type { DriftLaw } from './distribution/driftLaw.ts'
import { drift } from './drift.generated.ts'

type Named<L, Kind> = L extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Omit<L, 'kind'> : never) : never

/** A law with parameters has a function that makes the distribution from the parameters in the spec. */
const laws = drift satisfies { readonly [Kind in Law['kind']]: DriftLaw | ((numbers: Named<Law, Kind>) => DriftLaw) }

export function driftLaw(law: Law): DriftLaw {
  const known = laws[law.kind] as DriftLaw | ((numbers: Law) => DriftLaw)
  return typeof known === 'function' ? known(law) : known
}
