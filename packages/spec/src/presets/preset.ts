/** A landscape shipped with the package: a formula with its parameters and its named minima. */
export interface Preset {
  readonly name: string
  readonly summary: string
  /** Coordinate names; null if coordinates are x[1] .. x[d] and the dimension can be chosen. */
  readonly variables: readonly string[] | null
  /** The dimension, or the default dimension where it can be chosen. `smallest` is the least that can be chosen. */
  readonly dimension: number
  readonly smallest?: number
  /** An expression over the coordinates, the parameters and, where the dimension can be chosen, d. */
  readonly expression: string
  readonly parameters: Readonly<Record<string, number>>
  readonly minima: readonly PresetMinimum[]
  /** The region that a picture shows: the range of the first coordinate, or of the first two. */
  readonly view: readonly Range[]
}

/** A closed interval, low end first. */
export type Range = readonly [low: number, high: number]

export interface PresetMinimum {
  readonly name: string
  /** The point; a single number stands for all coordinates of a preset whose dimension can be chosen. */
  readonly point: number | readonly number[]
  /** Whether the point is only near the minimum, and Newton's method on the gradient must find its last bits. */
  readonly polish?: boolean
}
