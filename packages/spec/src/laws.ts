import { type NumberWords, ranges } from './field/range.ts'

interface LawWords {
  /** Null if the distribution has no parameter. */
  readonly number: ({ readonly key: string } & NumberWords) | null
  /**
   * Whether a noise vector with this distribution is spherical.
   *  - asked: only with `isotropic: true`.
   *  - always: the distribution is defined for whole vectors, not for single coordinates.
   *  - already: independent coordinates form a spherical vector. This is true only for the Gaussian.
   *  - never: there is no spherical form, and `isotropic: true` is refused.
   */
  readonly isotropic: 'asked' | 'always' | 'already' | 'never'
  /** The scale of xi, before it is multiplied by sigma. */
  readonly xi: string
}

/** The distributions of drift, by the names that specs and cells use. */
export const laws = {
  gaussian: { number: null, isotropic: 'already', xi: 'standard deviation 1' },
  uniform: { number: null, isotropic: 'asked', xi: 'standard deviation 1, |xi| <= sqrt(3)' },
  rademacher: { number: null, isotropic: 'asked', xi: '-1 or 1, standard deviation 1' },
  laplace: { number: null, isotropic: 'asked', xi: 'standard deviation 1' },
  student: {
    number: { key: 'nu', range: ranges.positive, description: 'Degrees of freedom of the student distribution.' },
    isotropic: 'asked',
    xi: 'standard deviation sqrt(nu/(nu - 2)), or none if nu <= 2',
  },
  cauchy: { number: null, isotropic: 'asked', xi: 'no standard deviation; half of all |xi| are below 1' },
  stable: {
    number: { key: 'alpha', range: ranges.alpha, description: 'Stability index of the stable distribution.' },
    isotropic: 'asked',
    xi: 'characteristic function exp(-|t|^alpha); no standard deviation if alpha < 2, sqrt(2) if alpha = 2',
  },
  sphere: { number: null, isotropic: 'always', xi: 'standard deviation 1 in each coordinate, |xi| = sqrt(d)' },
  ball: { number: null, isotropic: 'always', xi: 'standard deviation 1 in each coordinate, |xi| <= sqrt(d + 2)' },
} as const satisfies Readonly<Record<string, LawWords>>

type Laws = typeof laws
export type LawName = keyof Laws
/** The laws that have a parameter, with the key of the parameter. */
export type NumberKeys = {
  [Name in LawName as Laws[Name]['number'] extends null ? never : Name]: NonNullable<Laws[Name]['number']>['key']
}
type PlainName = { [Name in LawName]: Laws[Name]['number'] extends null ? Name : never }[LawName]
type Numbered<Name extends LawName> = Laws[Name]['number'] extends { readonly key: infer Key extends string }
  ? { readonly kind: Name } & { readonly [Of in Key]: number }
  : never

/**
 * A distribution of noise. With uniform (on +-sqrt 3), rademacher, laplace, sphere (radius sqrt d) and ball (radius
 * sqrt(d + 2)), each coordinate has unit variance. Student, cauchy and stable have their standard forms; stable has the
 * characteristic function exp(-|t|^alpha), 0 < alpha <= 2.
 */
export type Law = { readonly kind: PlainName } | { [Name in LawName]: Numbered<Name> }[LawName]

export const lawNames = Object.keys(laws) as [LawName, ...LawName[]]

/** The distributions that have a parameter, each with its key, range and description. */
export const numberedLaws = lawNames.flatMap((name) => {
  const { number } = laws[name]
  return number === null ? [] : [{ name, ...number }]
})

export function isLaw(word: string): boolean {
  return Object.hasOwn(laws, word)
}

/** The parameter of the distribution; null if it has none. */
export function lawNumber(law: Law): number | null {
  const { number } = laws[law.kind]
  return number === null ? null : (law as unknown as Readonly<Record<string, number>>)[number.key]!
}

/** For example `xi: student 3, standard deviation ..`. */
export function lawText(law: Law, isotropic: boolean): string {
  const joint = { uniform: 'ball', rademacher: 'sphere' }[isotropic ? (law.kind as string) : ''] as LawName | undefined
  const number = lawNumber(law)
  return `xi: ${law.kind}${number === null ? '' : ` ${number}`}, ${laws[joint ?? law.kind].xi}`
}

export const mayBeSpherical = (kind: LawName): boolean => (laws[kind] as LawWords).isotropic !== 'never'

/** Whether `isotropic` is true in the cell. `requested`: whether the spec has `isotropic: true`. */
export function isSpherical(kind: LawName, requested: boolean): boolean {
  const { isotropic } = laws[kind]
  return isotropic === 'always' || (isotropic === 'asked' && requested)
}
