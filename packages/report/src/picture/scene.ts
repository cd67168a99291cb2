/** A closed interval, low end first. */
export type Range = readonly [low: number, high: number]

/** A named point to be marked, with one coordinate for each axis. */
export interface Mark {
  readonly name: string
  readonly at: readonly number[]
  readonly loss: number
}

/** A landscape of one coordinate, drawn as a graph. Losses and coordinates have no unit. */
export interface Curve {
  readonly title: string
  readonly axis: string
  readonly view: Range
  loss(x: number): number
  readonly marks: readonly Mark[]
}

/** A landscape of two coordinates, drawn as a map. */
export interface Surface {
  readonly title: string
  readonly axes: readonly [string, string]
  readonly view: readonly [Range, Range]
  loss(x: number, y: number): number
  readonly marks: readonly Mark[]
}
