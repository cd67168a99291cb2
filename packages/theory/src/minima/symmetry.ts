import { distance } from '@driftfarm/formula'
import { layersOf, oddActivations } from '@driftfarm/kernel'
import type { Landscape, NetworkLandscape, PopulationLandscape } from '@driftfarm/spec'

/**
 * Returns whether b is within `tolerance` (Euclidean) of a, or of an image of a under a symmetry of the landscape. A
 * symmetry is a linear isometry that preserves the loss.
 */
export type Equivalence = (a: Float64Array, b: Float64Array, tolerance: number) => boolean

export interface Symmetry {
  /** Describes the points that count as one because of a symmetry; empty if no symmetry is known. */
  readonly description: string
  readonly same: Equivalence
}

/**
 * Returns the known symmetries of a landscape: permutations of units, neurons and teachers, and sign changes of units
 * with an odd activation. Scalings of ReLU units also preserve the loss, but they are not included, because the scaled
 * points form a valley, not separate copies.
 */
export function symmetryOf(landscape: Landscape): Symmetry {
  switch (landscape.kind) {
    case 'formula':
      return { description: '', same: near }
    case 'network':
      return {
        description: oddActivations.has(landscape.activation)
          ? 'networks that differ only by the order and the signs of hidden units count as one'
          : 'networks that differ only by the order of hidden units count as one',
        same: (a, b, tolerance) => sameNetwork(landscape, a, b, tolerance),
      }
    case 'population':
      return {
        description: 'students that differ only by the order of neurons and of teachers count as one',
        same: (a, b, tolerance) => samePopulation(landscape, a, b, tolerance),
      }
  }
}

const near: Equivalence = (a, b, tolerance) => distance(a, b) <= tolerance

/** The unit of network a that corresponds to a unit of network b, and the relative sign. */
interface Image {
  readonly unit: number
  readonly sign: 1 | -1
}

/**
 * Returns whether the hidden units of network a can be reordered (and, if the activation is odd, their signs changed)
 * so that its Euclidean distance from network b is at most `tolerance`. The search matches one unit after the other.
 * The squared distance of the matched part never decreases, so a wrong branch of the search ends early. If the search
 * exceeds the maximum number of branches, the result is false.
 */
export function sameNetwork(
  { layers: widths, biases, activation }: NetworkLandscape,
  a: Float64Array,
  b: Float64Array,
  tolerance: number,
): boolean {
  const layers = layersOf({ layers: widths, biases })
  const odd = oddActivations.has(activation)
  const budget = new Budget()
  const most = tolerance * tolerance

  /** The squared distance of unit `at` of network b from a unit of network a. */
  const squareOf = (
    { offset, inputs, weights }: (typeof layers)[number],
    incoming: readonly Image[],
    image: Image,
    at: number,
  ) => {
    const { unit, sign } = image
    let sum = 0
    for (let i = 0; i < inputs; i++) {
      const from = incoming[i]!
      const difference = b[offset + at * inputs + i]! - sign * from.sign * a[offset + unit * inputs + from.unit]!
      sum += difference * difference
    }
    if (biases) {
      const difference = b[offset + weights + at]! - sign * a[offset + weights + unit]!
      sum += difference * difference
    }
    return sum
  }
  const match = (k: number, incoming: readonly Image[], images: readonly Image[], spent: number): boolean => {
    const layer = layers[k]!
    const at = images.length
    const last = k === layers.length - 1
    if (at === layer.outputs) return last || match(k + 1, images, [], spent)
    const candidates: readonly Image[] = last ? [{ unit: at, sign: 1 }] : unitsLeft(layer.outputs, images, odd)
    for (const image of candidates) {
      if (!budget.spend()) return false
      const distance = spent + squareOf(layer, incoming, image, at)
      if (distance <= most && match(k, incoming, [...images, image], distance)) return true
    }
    return false
  }
  const inputs = rangeOf(widths[0]!).map((unit): Image => ({ unit, sign: 1 }))
  return match(0, inputs, [], 0)
}

function unitsLeft(outputs: number, images: readonly Image[], odd: boolean): readonly Image[] {
  const used = new Set(images.map(({ unit }) => unit))
  const signs = odd ? ([1, -1] as const) : ([1] as const)
  return rangeOf(outputs)
    .filter((unit) => !used.has(unit))
    .flatMap((unit) => signs.map((sign) => ({ unit, sign })))
}

/**
 * Returns whether some reordering of the neurons (rows) and of the teachers (the first columns) turns point a into
 * point b, up to `tolerance` in Euclidean distance. Returns false if the search needs more branches than `Budget`
 * allows. Columns without a teacher are not reordered: any rotation of these columns preserves the loss, so the rotated
 * points form a valley and are not separate copies.
 */
export function samePopulation(
  { neurons, teachers, inputs }: Pick<PopulationLandscape, 'neurons' | 'teachers' | 'inputs'>,
  a: Float64Array,
  b: Float64Array,
  tolerance: number,
): boolean {
  const budget = new Budget()
  const most = tolerance * tolerance
  const rows = rangeOf(neurons)

  const match = (at: number, used: ReadonlySet<number>, classes: readonly RowClass[], spent: number): boolean => {
    if (at === inputs) return true
    const candidates = at < teachers ? rangeOf(teachers).filter((column) => !used.has(column)) : [at]
    for (const column of candidates) {
      if (!budget.spend()) return false
      const valuesOf = (theta: Float64Array, among: number) => (row: number) => theta[row * inputs + among]!
      const refined = refine(classes, { ofA: valuesOf(a, column), ofB: valuesOf(b, at) }, tolerance)
      if (refined === null || spent + refined.square > most) continue
      if (match(at + 1, new Set([...used, column]), refined.classes, spent + refined.square)) return true
    }
    return false
  }
  return match(0, new Set(), [{ ofA: rows, ofB: rows }], 0)
}

/**
 * A set of rows of point a, and an equally large set of rows of point b. The columns compared so far do not show which
 * row of b corresponds to which row of a.
 */
interface RowClass {
  readonly ofA: readonly number[]
  readonly ofB: readonly number[]
}

const rangeOf = (length: number): number[] => Array.from({ length }, (_, i) => i)

function refine(
  classes: readonly RowClass[],
  { ofA: valueOfA, ofB: valueOfB }: { readonly [of in keyof RowClass]: (row: number) => number },
  tolerance: number,
): { classes: readonly RowClass[]; square: number } | null {
  const refined: RowClass[] = []
  let square = 0
  for (const { ofA, ofB } of classes) {
    const left = ofA.toSorted((one, other) => valueOfA(one) - valueOfA(other))
    const right = ofB.toSorted((one, other) => valueOfB(one) - valueOfB(other))
    let from = 0
    for (let i = 0; i < left.length; i++) {
      const difference = valueOfA(left[i]!) - valueOfB(right[i]!)
      if (Math.abs(difference) > tolerance) return null
      square += difference * difference
      const isLast = i === left.length - 1
      // Values that differ by at most 2 * tolerance may be in a different order in the other point.
      if (isLast || valueOfB(right[i + 1]!) - valueOfB(right[i]!) > 2 * tolerance) {
        refined.push({ ofA: left.slice(from, i + 1), ofB: right.slice(from, i + 1) })
        from = i + 1
      }
    }
  }
  return { classes: refined, square }
}

/**
 * Limit for a search for a symmetry between two points. If the search needs more branches, the points count as
 * different.
 */
export const maxBranches = 100_000

export class Budget {
  private left = maxBranches

  spend(): boolean {
    this.left -= 1
    return this.left >= 0
  }
}
