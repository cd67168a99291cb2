import { dot } from '@driftfarm/formula'
import { inColumns } from './leastSquares.ts'
import type { Grouped, NoiseGroup } from './sharedNoise.ts'

export interface Working {
  /**
   * The columns of Z. They are orthonormal, and span the same space as the columns of the weighted design: the row of
   * each cell in the design, multiplied by the square root of the cell's weight.
   */
  readonly basis: readonly Float64Array[]
  /** Converts coefficients of the columns of Z to coefficients of the columns of the design. */
  readonly toCoefficients: (inBasis: Float64Array) => Float64Array
  /** For each cell, the degrees of freedom of its estimated weight; infinite if the fitted values are counts. */
  readonly freedoms: ArrayLike<number>
}

export interface Sandwich {
  readonly covariance: readonly Float64Array[]
  /**
   * The smallest of the degrees of freedom (Satterthwaite) of the variances of the coefficients; infinite if all
   * variances are known.
   */
  readonly freedom: number
  /** Distribution of the sum of squared residuals if the model holds: its mean and its degrees of freedom. */
  readonly chance: { readonly mean: number; readonly freedom: number }
}

/**
 * The covariance of coefficients that were fitted as if cells were independent, although some share their noise. The
 * sandwich estimator of Liang and Zeger (1986) uses blocks of trial indices as clusters. Only the correlations are
 * estimated; the variance of each cell is taken from its model.
 *
 * The distribution of the sum of squared residuals is approximated by a scaled chi-square with the same mean and
 * variance (Rao and Scott, 1984). Noise in the estimated correlations would make this variance too large, so the excess
 * is subtracted (Bai and Saranadasa, 1996).
 */
export function sandwich({ basis, toCoefficients, freedoms }: Working, { groups, alone }: Grouped): Sandwich {
  const size = basis.length
  const meat = rowsOf(size)
  const inBlocks = groups.map((group) => blockScores(group, basis))
  const addOuter = (row: ArrayLike<number>): void => {
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) meat[i]![j]! += row[i]! * row[j]!
  }
  const scoreOf = (cell: number): Float64Array => Float64Array.from(basis, (column) => column[cell]!)
  for (const cell of alone) addOuter(scoreOf(cell))
  for (const scores of inBlocks) for (const row of scores) addOuter(row)

  // Coefficient j is the sum of the coefficients of the basis, weighted by row j of `rows`.
  const unit = rowsOf(size).map((row, at) => row.fill(1, at, at + 1))
  const columns = unit.map((row) => toCoefficients(row))
  const rows = unit.map((_, j) => Float64Array.from(columns, (column) => column[j]!))
  const covariance = rows.map((row) =>
    Float64Array.from(rows, (other) => row.reduce((sum, share, i) => sum + share * dot(meat[i]!, other), 0)),
  )
  const freedom = rows.reduce((least, row, j) => {
    const ofAlone = alone.reduce((sum, cell) => sum + (2 * dot(row, scoreOf(cell)) ** 4) / freedoms[cell]!, 0)
    const ofBlocks = inBlocks.reduce((sum, scores) => sum + varianceOfSquares(scores.map((each) => dot(row, each))), 0)
    const spread = ofAlone + ofBlocks
    return Math.min(least, spread === 0 ? Number.POSITIVE_INFINITY : (2 * covariance[j]![j]! ** 2) / spread)
  }, Number.POSITIVE_INFINITY)
  return { covariance, freedom: Math.max(1, freedom), chance: chanceOf(basis, { groups, alone }, inBlocks, meat) }
}

function blockScores({ cells, rows, blocks }: NoiseGroup, basis: Working['basis']): Float64Array[] {
  const scores = Array.from({ length: blocks }, () => new Float64Array(basis.length))
  for (const [at, cell] of cells.entries())
    for (let block = 0; block < blocks; block++)
      for (const [i, column] of basis.entries()) scores[block]![i]! += column[cell]! * rows[at]![block]!
  return scores
}

/**
 * Estimates the variance of the sum of the squares of `values`, whose mean is 0. The result is at least the variance
 * that this sum would have if the values were normal.
 */
function varianceOfSquares(values: readonly number[]): number {
  const n = values.length
  const squares = values.reduce((sum, value) => sum + value ** 2, 0)
  const fourths = values.reduce((sum, value) => sum + value ** 4, 0)
  return Math.max(((fourths - squares ** 2 / n) * n) / (n - 1), (2 * squares ** 2) / (n - 1))
}

function chanceOf(
  basis: Working['basis'],
  { groups, alone }: Grouped,
  inBlocks: readonly (readonly Float64Array[])[],
  meat: readonly Float64Array[],
): Sandwich['chance'] {
  const cells = basis[0]!.length
  const most = cells - basis.length
  if (groups.length === 0) return { mean: most, freedom: most }
  const trace = meat.reduce((sum, row, i) => sum + row[i]!, 0)
  const mean = cells - trace
  let squares = alone.length + meat.reduce((sum, row) => sum + dot(row, row), 0)
  for (const cell of alone) squares -= 2 * basis.reduce((sum, column) => sum + column[cell]! ** 2, 0)
  for (const [at, { rows, blocks }] of groups.entries()) {
    squares += squaredCorrelations(rows)
    const scores = inBlocks[at]!
    let own = 0
    for (const row of rows)
      for (let i = 0; i < basis.length; i++) {
        let there = 0
        for (let block = 0; block < blocks; block++) there += row[block]! * scores[block]![i]!
        squares -= 2 * there ** 2
      }
    for (const score of scores) own += dot(score, score)
    squares -= (rows.length - own) ** 2 / (blocks - 1)
  }
  const freedom = mean > 0 && squares > 0 ? Math.min(most, mean ** 2 / squares) : most
  return { mean, freedom: most === 0 ? 0 : Math.max(1, freedom) }
}

/** Uses the rows or the columns of the matrix, whichever are fewer: both give the same sum. */
function squaredCorrelations(rows: readonly Float64Array[]): number {
  const blocks = rows[0]?.length ?? 0
  const isTall = rows.length > blocks
  const sides = isTall
    ? Array.from({ length: blocks }, (_, block) => Float64Array.from(rows, (row) => row[block]!))
    : rows
  let sum = 0
  for (const [i, side] of sides.entries()) {
    sum += dot(side, side) ** 2
    for (let j = 0; j < i; j++) sum += 2 * dot(side, sides[j]!) ** 2
  }
  return sum
}

const rowsOf = (size: number): Float64Array[] => Array.from({ length: size }, () => new Float64Array(size))

export const through =
  (...uppers: readonly (readonly Float64Array[])[]) =>
  (inBasis: Float64Array): Float64Array =>
    uppers.reduce((at, upper) => inColumns(upper, at), inBasis)
