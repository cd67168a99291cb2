import { describe, expect, it } from 'vitest'
import { populationLoss } from '../scalar/population.ts'
import { population } from './networks.fixture.ts'

/**
 * The simplest spurious minima (Safran and Shamir 2018), refined by mpmath: row 1 is (a, b, .., b), the
 * others have e first, c on the diagonal and f elsewhere. Then the loss, and for some the extreme Hessian eigenvalues.
 */
const spurious = [
  [
    6, -0.6015119235610937, 0.2245158075994779, 0.9867038188885768, 0.30801099147906874, -0.05041340321680874,
    0.02508058100246301, 0.00470035471056504, 2.02373385730966,
  ],
  [
    7, -0.6327039049152542, 0.18599104629625107, 0.9969227988032857, 0.26169107580655443, -0.035080155927046545,
    0.023202714913566076,
  ],
  [
    8, -0.658256262009438, 0.15981604291657173, 1.0014342534685325, 0.22808901640948126, -0.025883628037935095,
    0.02150803717152142, 0.0213465891914049, 2.5645935160383,
  ],
  [
    9, -0.6800502368390837, 0.14070875053664614, 1.0034745560381204, 0.20252506395450698, -0.01991470916598788,
    0.020014175808510958,
  ],
  [
    10, -0.6990368174937945, 0.12604236084341794, 1.0043548232623238, 0.18236775578871975, -0.015811925805753115,
    0.018702194585606974,
  ],
] as const

function minimum([k, a, b, c, e, f]: (typeof spurious)[number]): Float64Array {
  return Float64Array.from({ length: k * k }, (_, index) => {
    const [row, column] = [Math.floor(index / k), index % k]
    if (row === 0) return column === 0 ? a : b
    return column === 0 ? e : column === row ? c : f
  })
}

function lossOf(k: number) {
  const { loss, gradient } = populationLoss(population(k, k, k))
  return {
    loss,
    gradient(theta: Float64Array) {
      const into = new Float64Array(theta.length)
      gradient(theta, into)
      return into
    },
  }
}

describe('spurious minima', () => {
  it.each(spurious.map((row) => [row[0], row] as const))('%i neurons', (k, row) => {
    const { loss, gradient } = lossOf(k)
    const theta = minimum(row)
    expect(Math.abs(loss(theta) - row[6])).toBeLessThan(5e-14)
    expect(Math.hypot(...gradient(theta))).toBeLessThan(1e-14)
  })

  it.each(spurious.filter((row) => row.length > 7).map((row) => [row[0], row] as const))(
    'Hessian of %i neurons, from differences of the gradient',
    (k, row) => {
      const { gradient } = lossOf(k)
      const theta = minimum(row)
      const step = 1e-5
      const hessian = Array.from(theta, (_, i) => {
        const at = (shift: number) => gradient(theta.map((x, j) => (i === j ? x + shift : x)))
        const [up, down] = [at(step), at(-step)]
        return Array.from(up, (g, j) => (g - down[j]!) / (2 * step))
      })
      const values = eigenvalues(hessian)
      expect(Math.min(...values)).toBeCloseTo(row[7]!, 8)
      expect(Math.max(...values)).toBeCloseTo(row[8]!, 8)
    },
  )
})

it('the teacher itself: no loss and no gradient beyond rounding, in any order of the neurons', () => {
  const k = 9
  const { loss, gradient } = lossOf(k)
  const theta = new Float64Array(k * k)
  for (let i = 0; i < k; i++) theta[i * k + ((i + 4) % k)] = 1
  expect(loss(theta)).toBeLessThan(1e-14)
  expect(Math.hypot(...gradient(theta))).toBeLessThan(1e-14)
  const near = theta.map((x, i) => x + 1e-9 * Math.sin(i))
  expect(loss(near)).toBeGreaterThanOrEqual(0)
  expect(loss(near)).toBeLessThan(1e-14)
  expect(Math.hypot(...gradient(near))).toBeLessThan(1e-8)
})

it('a neuron of length 0 has the gradient of half its inputs', () => {
  const { loss, gradient } = populationLoss(population(1, 2, 3))
  const into = new Float64Array(3)
  gradient(new Float64Array(3), into)
  expect(Array.from(into)).toEqual([-0.25, -0.25, 0])
  // The teacher's own: 1/2 E (relu(x_1) + relu(x_2))^2 = 1/2 (1/2 + 1/2 + 2 / (2 pi)).
  expect(loss(new Float64Array(3))).toBeCloseTo(0.5 + 1 / (2 * Math.PI), 15)
})

/** Of a symmetric matrix, by cyclic Jacobi rotations. */
function eigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map((row, i) => row.map((x, j) => (x + matrix[j]![i]!) / 2))
  const n = a.length
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p]![q]!) < 1e-15) continue
        const angle = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!)
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        for (const row of a) {
          const [x, y] = [row[p]!, row[q]!]
          row[p] = c * x - s * y
          row[q] = s * x + c * y
        }
        const [x, y] = [a[p]!, a[q]!]
        a[p] = x.map((v, i) => c * v - s * y[i]!)
        a[q] = x.map((v, i) => s * v + c * y[i]!)
      }
    }
  }
  return a.map((row, i) => row[i]!)
}
