import { differentiate, type Expression, elementary, evaluate, parse, simplify } from '@driftfarm/formula'

/** A formula of few named coordinates with its symbolic derivatives. */
export interface Differentiated {
  readonly variables: readonly string[]
  readonly gradient: readonly Expression[]
  readonly hessian: readonly (readonly Expression[])[]
}

export function derivativesOf(expression: string, variables: readonly string[]): Differentiated {
  const loss = parse(expression)
  const gradient = variables.map((name) => simplify(differentiate(loss, { name })))
  const hessian = gradient.map((slope) => variables.map((name) => simplify(differentiate(slope, { name }))))
  return { variables, gradient, hessian }
}

/** Quadratic convergence from seeds of three digits: six steps reach the last bits, the rest is for far parameters. */
const steps = 60

/** Farther from its seed than this, a critical point is another one. */
const reach = 0.5

/**
 * The minimum near `seed` by Newton's method, or null if it went elsewhere: too far, or to a point whose Hessian is
 * not positive definite. Ends when a step no longer makes the gradient smaller, so the bits are the same everywhere.
 */
export function polish(
  { variables, gradient, hessian }: Differentiated,
  parameters: ReadonlyMap<string, number>,
  seed: readonly number[],
): readonly number[] | null {
  const at = (point: readonly number[]) => (e: Expression) =>
    Number(
      evaluate(e, {
        name: (name) => {
          const coordinate = variables.indexOf(name)
          return coordinate < 0 ? parameters.get(name)! : point[coordinate]!
        },
        element: () => Number.NaN,
      }),
    )
  let point: readonly number[] = seed
  let slope = gradient.map(at(point))
  for (let step = 0; step < steps; step++) {
    const move = solve(
      hessian.map((row) => row.map(at(point))),
      slope,
    )
    if (move === null) return null
    const next = point.map((x, i) => x - move[i]!)
    const nextSlope = gradient.map(at(next))
    // Newton may climb at first, from afar; near the minimum the first step that gains nothing is the last.
    const isNear = norm(move) < 1e-6
    if (isNear && !(norm(nextSlope) < norm(slope))) break
    if (!next.every((x, i) => elementary.abs(x - seed[i]!) <= reach)) return null
    point = next
    slope = nextSlope
  }
  return isPositiveDefinite(hessian.map((row) => row.map(at(point)))) && norm(slope) < 1e-9
    ? point.map((x) => (x === 0 ? 0 : x))
    : null
}

function norm(vector: readonly number[]): number {
  let sum = 0
  for (const x of vector) sum += x * x
  return elementary.sqrt(sum)
}

/** Gauss elimination with partial pivoting; null where the matrix is singular. */
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

/** All pivots of an elimination without exchange are positive. */
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
