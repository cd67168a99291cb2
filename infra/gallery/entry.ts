import type { FitData, ResultsData, TheoremData } from '@driftfarm/report'

/** Runs the command with these words and gives what it prints; fails where the command does. */
export type Command = (words: readonly string[]) => Promise<string>

/** An entry's sweep after it has run: its intervals are at the confidence that was asked for. */
export interface Study {
  readonly results: ResultsData
  fit(formula: string, options?: readonly string[]): Promise<FitData>
  theorem(): Promise<TheoremData>
}

/** A number of ours with its limits; of a share also the counts that it comes from. */
export interface Ours {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly counts?: { readonly events: number; readonly trials: number }
}

/**
 * What a source says of one number. `count`: events among trials. `value`: a number without an error, or the law of a
 * limit, which may be off by `slack` here. `range`: a claim that the number lies between the two. `said`: a number of
 * unknown error, which is shown and not tested.
 */
export type Theirs =
  | { readonly kind: 'count'; readonly events: number; readonly trials: number }
  | { readonly kind: 'value'; readonly value: number; readonly slack?: number }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'said'; readonly text: string }

export interface Row {
  /** What the row is about, under the titles of `labels`. */
  readonly labels: readonly string[]
  readonly theirs: Theirs
  /** Null where the run has no such cell, as the small one may. */
  readonly ours: (study: Study) => Promise<Ours | null>
  /** Further columns, and whether what they say holds too. */
  readonly beside?: (study: Study, ours: Ours) => Promise<Beside>
}
export interface Beside {
  readonly shown: readonly string[]
  readonly holds: boolean
}

/** A published result, and how it is made again. */
export interface Entry {
  readonly name: string
  /** The page in docs/gallery that shows it, by its name without .md, if it is not the entry's own name. */
  readonly page?: string
  readonly title: string
  /** Who published it, in short. */
  readonly who: string
  /** The spec, from the root of the checkout. */
  readonly spec: string
  /** Options of `run` in both tiers, and in the full one alone. */
  readonly run?: readonly string[]
  readonly trials?: readonly string[]
  /** Keys at the top of the spec that the small tier has in place of the spec's own. */
  readonly small: Readonly<Record<string, unknown>>
  /** Options of `figure`; and those of further ones, whose files have these words at the end of their names. */
  readonly figure: readonly string[]
  readonly more?: Readonly<Record<string, readonly string[]>>
  /** Titles: of the labels of a row, of what is beside, and of the numbers of the source. */
  readonly labels: readonly string[]
  readonly besides?: readonly string[]
  readonly theirs: string
  readonly rows: readonly Row[]
}

/** All figures of an entry: the name of the file without .svg, and the options of `figure`. */
export const figuresOf = ({ name, figure, more = {} }: Entry): readonly (readonly [string, readonly string[]])[] => [
  [name, figure],
  ...Object.entries(more).map(([word, options]) => [`${name}-${word}`, options] as const),
]
