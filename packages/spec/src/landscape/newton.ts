import { compileScalar, differentiate, elementary, parseNumber, type Scalar, simplify } from '@driftfarm/formula'

/** Functions of one array, which contains the coordinates first, then the parameters. */
export interface Derivatives {
  readonly gradient: readonly Scalar[]
  readonly hessian: readonly (readonly Scalar[])[]
}

export function derivativesOf(text: string, variables: readonly string[], parameters: readonly string[]): Derivatives {
  const slots = { names: new Map([...variables, ...parameters].map((name, slot) => [name, slot])), arrays: new Map() }
  const loss = parseNumber(text)
  const slopes = variables.map((name) => simplify(differentiate(loss, { name })))
  const curvature = (slope: (typeof slopes)[number], name: string) => simplify(differentiate(slope, { name }))
  return {
    gradient: slopes.map((slope) => compileScalar(slope, slots)),
    hessian: slopes.map((slope) => variables.map((name) => compileScalar(curvature(slope, name), slots))),
  }
}

/**
 * From a seed with three correct digits, six steps are enough. More are needed if the parameters move the minimum away
 * from the seed.
 */
const maxSteps = 60

/** A critical point is not the named minimum if one of its coordinates is farther than this from the seed. */
const reach = 0.5

/**
 * A step shorter than this shows that Newton's method is converging. The first such step that does not reduce the
 * gradient ends the iteration.
 */
const nearby = 1e-6

const maxGradient = 1e-9

/**
 * Finds the minimum near `seed` by Newton's method. Null if the iteration leaves the neighbourhood or ends at a point
 * whose Hessian is not positive definite. Uses only the arithmetic and functions of formulas, so the result is the
 * same bit for bit on every machine.
 */
export function polish(
  { gradient, hessian }: Derivatives,
  parameters: readonly number[],
  seed: readonly number[],
): readonly number[] | null {
  const dimension = seed.length
  const values = new Float64Array([...seed, ...parameters])
  const slopeHere = () => gradient.map((slope) => slope(values, []))
  const curvatureHere = () => hessian.map((row) => row.map((entry) => entry(values, [])))
  let slope = slopeHere()
  let curvature = curvatureHere()
  for (let step = 0; step < maxSteps; step++) {
    const move = solve(curvature, slope)
    if (move === null) return null
    const before = values.slice(0, dimension)
    for (let i = 0; i < dimension; i++) values[i]! -= move[i]!
    const nextSlope = slopeHere()
    if (norm(move) < nearby && !(norm(nextSlope) < norm(slope))) {
      values.set(before)
      break
    }
    if (!seed.every((x, i) => elementary.abs(values[i]! - x) <= reach)) return null
    slope = nextSlope
    curvature = curvatureHere()
  }
  if (!isPositiveDefinite(curvature) || !(norm(slope) < maxGradient)) return null
  return Array.from(values.subarray(0, dimension), (x) => (x === 0 ? 0 : x))
}

function norm(vector: readonly number[]): number {
  let sum = 0
  for (const x of vector) sum += x * x
  return elementary.sqrt(sum)
}

/** Solves a linear system by Gaussian elimination with partial pivoting; null if the matrix is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  const size = rows.length
  for (let k = 0; k < size; k++) {
    let pivot = k
    for (let i = k + 1; i < size; i++) {
      if (elementary.abs(rows[i]![k]!) > elementary.abs(rows[pivot]![k]!)) pivot = i
    }
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    const top = rows[k]!
    if (!(elementary.abs(top[k]!) > 0)) return null
    for (let i = k + 1; i < size; i++) {
      const row = rows[i]!
      const factor = row[k]! / top[k]!
      for (let j = k; j <= size; j++) row[j]! -= factor * top[j]!
    }
  }
  const solution = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    let sum = rows[i]![size]!
    for (let j = i + 1; j < size; j++) sum -= rows[i]![j]! * solution[j]!
    solution[i] = sum / rows[i]![i]!
  }
  return solution
}

/**
 * A symmetric matrix is positive definite if and only if all pivots of an elimination without row exchanges are
 * positive.
 */
function isPositiveDefinite(matrix: readonly (readonly number[])[]): boolean {
  const rows = matrix.map((row) => [...row])
  for (let k = 0; k < rows.length; k++) {
    const top = rows[k]!
    if (!(top[k]! > 0)) return false
    for (let i = k + 1; i < rows.length; i++) {
      const row = rows[i]!
      const factor = row[k]! / top[k]!
      for (let j = k; j < rows.length; j++) row[j]! -= factor * top[j]!
    }
  }
  return true
}
