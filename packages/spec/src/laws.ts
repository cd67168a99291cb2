import { type Range, ranges } from './schema/range.ts'

/** What a spec says of a law beside its name. */
interface LawWords {
  /** The number that it has. */
  readonly number: { readonly key: string; readonly range: Range; readonly description: string } | null
  /**
   * Whether a vector of it is spherical. asked: where `isotropic` says so. always: it is a law of vectors. never: that
   * of independent coordinates is spherical already.
   */
  readonly isotropic: 'asked' | 'always' | 'never'
}

/** The laws of drift, as specs and cells name them: the one list of them. */
export const laws = {
  gaussian: { number: null, isotropic: 'never' },
  uniform: { number: null, isotropic: 'asked' },
  rademacher: { number: null, isotropic: 'asked' },
  laplace: { number: null, isotropic: 'asked' },
  student: {
    number: { key: 'nu', range: ranges.positive, description: 'Degrees of freedom of student.' },
    isotropic: 'asked',
  },
  cauchy: { number: null, isotropic: 'asked' },
  stable: { number: { key: 'alpha', range: ranges.alpha, description: 'Index of stable.' }, isotropic: 'asked' },
  sphere: { number: null, isotropic: 'always' },
  ball: { number: null, isotropic: 'always' },
} as const satisfies Readonly<Record<string, LawWords>>

type Laws = typeof laws
export type LawName = keyof Laws
/** Those without a number. */
type PlainName = { [Name in LawName]: Laws[Name]['number'] extends null ? Name : never }[LawName]
type Numbered<Name extends LawName> = Laws[Name]['number'] extends { readonly key: infer Key extends string }
  ? { readonly kind: Name } & { readonly [Of in Key]: number }
  : never

/**
 * A law of one coordinate: uniform +-sqrt 3, rademacher, laplace, sphere (radius sqrt d) and ball (radius sqrt(d + 2))
 * have unit variance; student, cauchy and stable (cf exp(-|t|^alpha), 0 < alpha <= 2) their standard forms.
 */
export type Law = { readonly kind: PlainName } | { [Name in LawName]: Numbered<Name> }[LawName]

export const lawNames = Object.keys(laws) as [LawName, ...LawName[]]

/** The laws that have a number, with it. */
export const numberedLaws = lawNames.flatMap((name) => {
  const { number } = laws[name]
  return number === null ? [] : [{ name, ...number }]
})

export function isLaw(word: string): boolean {
  return Object.hasOwn(laws, word)
}

/** The number of a law, null where it has none. */
export function lawNumber(law: Law): number | null {
  const { number } = laws[law.kind]
  return number === null ? null : (law as unknown as Readonly<Record<string, number>>)[number.key]!
}

/** Whether a vector of the law has a spherical law; `asked`: whether that was asked for. */
export function isSpherical(kind: LawName, asked: boolean): boolean {
  const { isotropic } = laws[kind]
  return isotropic === 'always' || (isotropic === 'asked' && asked)
}
