/** A landscape shipped as data: a formula with its parameters and its named minima. */
export interface Preset {
  readonly name: string
  readonly summary: string
  /** Coordinate names; null where coordinates are x[1] .. x[d] and any dimension goes. */
  readonly variables: readonly string[] | null
  /** Of a preset of any dimension: the default and the smallest; else the number of variables. */
  readonly dimension: number
  readonly smallest?: number
  /** Over the coordinates, the parameters and, for any dimension, d. */
  readonly expression: string
  readonly parameters: Readonly<Record<string, number>>
  readonly minima: readonly PresetMinimum[]
  /** Where to look at it: the range of the first coordinate or of the first two, as many as a picture of it has. */
  readonly view: readonly Range[]
}

/** From low to high. */
export type Range = readonly [low: number, high: number]

export interface PresetMinimum {
  readonly name: string
  /** One number for all coordinates of a preset of any dimension, else the point. */
  readonly point: number | readonly number[]
  /** The point is near the minimum only, which Newton's method on the gradient finds to the last bits. */
  readonly polish?: boolean
}
