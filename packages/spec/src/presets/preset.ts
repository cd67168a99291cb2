/** A landscape shipped with the package: a formula with its parameters and its named minima. */
export interface Preset {
  readonly name: string
  readonly summary: string
  /** Coordinate names; null if coordinates are x[1] .. x[d] and the dimension can be chosen. */
  readonly variables: readonly string[] | null
  /** The dimension. If it can be chosen, this is the default, and `smallest` (1 if absent) is the minimum. */
  readonly dimension: number
  readonly smallest?: number
  /** An expression over the coordinates and the parameters, and over d if the dimension can be chosen. */
  readonly expression: string
  readonly parameters: Readonly<Record<string, number>>
  readonly minima: readonly PresetMinimum[]
  /** The region that pictures show: the range of the first coordinate, or the ranges of the first two coordinates. */
  readonly view: readonly Range[]
}

/** A closed interval. */
export type Range = readonly [low: number, high: number]

export interface PresetMinimum {
  readonly name: string
  /** If the dimension of the preset can be chosen, a single number stands for all coordinates. */
  readonly point: number | readonly number[]
  /** The point is only near the minimum: Newton's method on the gradient must find the exact minimum. */
  readonly polish?: boolean
}
