import { cholesky, compileScalar, differentiate, norm, parseNumber, simplify, solve } from '@driftfarm/formula'

type Derivatives = ReturnType<typeof derivativesOf>

/** Functions of one array, which contains the coordinates first, then the parameters. */
export function derivativesOf(text: string, variables: readonly string[], parameters: readonly string[]) {
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
  const curvatureHere = () => ({
    size: dimension,
    values: Float64Array.from(hessian.flat(), (entry) => entry(values, [])),
  })
  let slope = slopeHere()
  let curvature = curvatureHere()
  for (let step = 0; step < maxSteps; step++) {
    const move = solve(curvature, 0, slope)
    if (move === null) return null
    const before = values.slice(0, dimension)
    for (let i = 0; i < dimension; i++) values[i]! -= move[i]!
    const nextSlope = slopeHere()
    if (norm(move) < nearby && !(norm(nextSlope) < norm(slope))) {
      values.set(before)
      break
    }
    if (!seed.every((x, i) => Math.abs(values[i]! - x) <= reach)) return null
    slope = nextSlope
    curvature = curvatureHere()
  }
  if (cholesky(curvature) === null || !(norm(slope) < maxGradient)) return null
  return Array.from(values.subarray(0, dimension), (x) => (x === 0 ? 0 : x))
}
