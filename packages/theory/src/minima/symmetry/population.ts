import type { PopulationLandscape } from '@driftfarm/spec'
import { Budget } from './budget.ts'

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
  const rows = Array.from({ length: neurons }, (_, row) => row)

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
