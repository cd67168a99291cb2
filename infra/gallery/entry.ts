import type { FitData, ResultsData, TheoremData } from '@driftfarm/report'

/** Runs the command with these words and returns its output. Fails if the command fails. */
export type Command = (words: readonly string[]) => Promise<string>

/** The sweep of an entry after its run. Its intervals have the requested confidence. */
export interface Study {
  readonly results: ResultsData
  fit(formula: string, options?: readonly string[]): Promise<FitData>
  theorem(): Promise<TheoremData>
}

/** One of our numbers with its limits. A share also has the counts behind it. */
export interface Ours {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly counts?: { readonly events: number; readonly trials: number }
}

/**
 * One number of a source. `count`: events among trials. `value`: a number without an error, or a limit law that may be
 * off by `slack` here. `range`: a claim that the number is between the two limits. `said`: a number with an unknown
 * error, which is shown but not tested.
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
  /** Null if the run has no such cell. The small tier leaves out some cells. */
  readonly ours: (study: Study) => Promise<Ours | null>
  /** More columns, and whether their numbers agree too. */
  readonly beside?: (study: Study, ours: Ours) => Promise<Beside>
}
export interface Beside {
  readonly shown: readonly string[]
  readonly holds: boolean
}

/** A published result, and how to reproduce it. */
export interface Entry {
  readonly name: string
  /** The page in docs/gallery, without .md. By default it has the name of the entry. */
  readonly page?: string
  /** The anchor of its heading, if the page shows several entries. */
  readonly heading?: string
  readonly title: string
  /** Who published it, in short. */
  readonly who: string
  /** The path of the spec in the checkout. */
  readonly spec: string
  /** Options of `run`, in both tiers and only in the full tier. */
  readonly run?: readonly string[]
  readonly trials?: readonly string[]
  /** Top-level keys of the spec that the small tier replaces. */
  readonly small: Readonly<Record<string, unknown>>
  /** Options of `figure`, and of more figures. The keys of `more` are appended to the file name. */
  readonly figure: readonly string[]
  readonly more?: Readonly<Record<string, readonly string[]>>
  /** Column titles of the labels, of the columns of `beside`, and of the published numbers. */
  readonly labels: readonly string[]
  readonly besides?: readonly string[]
  readonly theirs: string
  readonly rows: readonly Row[]
}

/** The file in docs/gallery that shows an entry. */
export const pageOf = ({ name, page }: Entry): string => `${page ?? name}.md`

/** The link from another page of the gallery to an entry. */
export const linkOf = (entry: Entry): string =>
  entry.heading === undefined ? pageOf(entry) : `${pageOf(entry)}#${entry.heading}`

/** All figures of an entry: the file name without .svg, and the options of `figure`. */
export const figuresOf = ({ name, figure, more = {} }: Entry): readonly (readonly [string, readonly string[]])[] => [
  [name, figure],
  ...Object.entries(more).map(([word, options]) => [`${name}-${word}`, options] as const),
]
