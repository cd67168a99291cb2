import type { Cell } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf, resolvedCellOf } from '../cells.fixture.ts'
import { TheoryError } from '../error.ts'
import { type FindOptions, findMinima } from './findMinima.ts'

const options = (eta: number, descents = 400, more: Partial<FindOptions> = {}): FindOptions => ({
  descents,
  descent: { eta, gradient: 1e-6, steps: 20_000 },
  confidence: 0.99,
  ...more,
})
const uniform = (low: number, high: number) => ({ start: { uniform: { low, high } } })
const formula = (expression: string, variables: readonly string[], start: unknown): Cell =>
  cellOf('double-well', { landscape: { formula: { variables, expression } }, start, trial: { steps: 1 } })

describe('presets', () => {
  test('himmelblau: four minima of loss 0, known by name, and shares that add to 1', async () => {
    const found = await findMinima(cellOf('himmelblau', uniform(-5, 5)), [], options(0.01, 150))
    expect(found.minima.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3', 'm4'])
    expect(found.minima.map(({ known }) => known).sort()).toEqual(['northeast', 'northwest', 'southeast', 'southwest'])
    expect(found.others).toEqual([])
    for (const { loss, gradnorm, eigenvalues, share } of found.minima) {
      expect(loss).toBeLessThan(1e-28)
      expect(gradnorm).toBeLessThan(1e-12)
      expect(eigenvalues![0]).toBeGreaterThan(25)
      expect(share.low < share.value && share.value < share.high).toBe(true)
    }
    expect(found.minima.reduce((sum, { share }) => sum + share.count, 0)).toBe(150)
    // The Hessian at (3, 2) is (74, 20; 20, 34).
    const northeast = found.minima.find(({ known }) => known === 'northeast')!
    expect(northeast.eigenvalues![0]).toBeCloseTo(54 - 20 * Math.SQRT2, 7)
    expect(northeast.eigenvalues![1]).toBeCloseTo(54 + 20 * Math.SQRT2, 7)
  })

  test('six-hump-camel: six minima, in pairs of one loss', async () => {
    const start = { start: { uniform: { low: [-2, -1], high: [2, 1] } } }
    const found = await findMinima(cellOf('six-hump-camel', start), [], options(0.01, 400))
    expect(found.minima.map(({ known }) => known)).toEqual([
      'upper',
      'lower',
      'left-upper',
      'right-lower',
      'left-lower',
      'right-upper',
    ])
  })

  /**
   * Three minima have each coordinate at 2.7468 or -2.9035; in three dimensions 8, and the deepest is the named one.
   */
  test('styblinski-tang in three dimensions: 2^3 minima', async () => {
    const cell = cellOf('styblinski-tang', {
      landscape: { preset: 'styblinski-tang', dimension: 3 },
      ...uniform(-4, 4),
    })
    const found = await findMinima(cell, [], options(0.01, 300))
    expect(found.minima.length).toBe(8)
    expect(found.minima[0]!.known).toBe('global')
    expect(found.minima[0]!.loss).toBeCloseTo(-117.49849711131426, 10)
  })

  test('the same question has the same answer', async () => {
    const cell = cellOf('mueller-brown', { start: { uniform: { low: [-1.2, -0.2], high: [1, 1.8] } } })
    const [one, other] = [
      await findMinima(cell, [], options(1e-4, 100)),
      await findMinima(cell, [], options(1e-4, 100)),
    ]
    expect(one).toEqual(other)
    expect(one.minima.map(({ known }) => known)).toEqual(['left', 'right', 'middle'])
    const more = await findMinima(cell, [], options(1e-4, 1050, { onProgress: (done) => void seen.push(done) }))
    expect(seen).toEqual([1000, 1050])
    expect(more.minima.map(({ point }) => point.map((x) => x.toFixed(9)))).toEqual(
      one.minima.map(({ point }) => point.map((x) => x.toFixed(9))),
    )
  })
  const seen: number[] = []
})

describe('what is no minimum', () => {
  test('a start on the ridge ends in the saddle, and is said to be one', async () => {
    const { minima, others } = await findMinima(cellOf('banana', { start: [0, 1] }), [], options(0.05))
    expect(minima).toEqual([])
    expect(others.map(({ name, kind, point, negative }) => ({ name, kind, point, negative }))).toEqual([
      { name: 's1', kind: 'saddle', point: [0, 0], negative: 1 },
    ])
    expect(others[0]!.share).toEqual({ count: 1, value: 1, low: 1, high: 1 })
  })

  test('a valley of minima is one flat end', async () => {
    const cell = formula('(x*y - 1)^2', ['x', 'y'], { uniform: { low: 0.5, high: 2 } })
    const { minima, others } = await findMinima(cell, [], options(0.05, 50))
    expect(minima).toEqual([])
    expect(others.map(({ kind, zero, share }) => ({ kind, zero, count: share.count }))).toEqual([
      { kind: 'flat', zero: 1, count: 50 },
    ])
  })

  test('a minimum without curvature is flat, and needs damped steps', async () => {
    const cell = formula('x^4 + y^2', ['x', 'y'], { uniform: { low: -1, high: 1 } })
    const { minima, others } = await findMinima(cell, [], options(0.05, 20))
    expect(minima).toEqual([])
    expect(others.map(({ kind, share }) => [kind, share.count])).toEqual([['flat', 20]])
    expect(others[0]!.loss).toBeLessThan(1e-10)
  })

  test('descents that run away are counted apart', async () => {
    const cell = formula('x^2 - x^4/10', ['x'], { uniform: { low: -4, high: 4 } })
    const found = await findMinima(cell, [], options(0.05, 400))
    expect(found.minima.map(({ point }) => point)).toEqual([[0]])
    // The hills are at |x| = sqrt 5: a share of 0.441 starts beyond them; 0.1 is 4 standard deviations.
    expect(Math.abs(found.diverged.value - (1 - Math.sqrt(5) / 4))).toBeLessThan(0.1)
    expect(found.diverged.count + found.minima[0]!.share.count).toBe(400)
  })

  test('a kink is unsettled', async () => {
    const { minima, others } = await findMinima(formula('abs(x) + y^2', ['x', 'y'], [0.53, 1]), [], options(0.1))
    expect(minima).toEqual([])
    expect(others.map(({ kind }) => kind)).toEqual(['unsettled'])
  })

  test('descents out of steps are ended by damped steps inside their basin', async () => {
    const cell = cellOf('rosenbrock', uniform(-1, 1))
    const short = { descent: { eta: 1e-4, gradient: 1e-6, steps: 100 } }
    const found = await findMinima(cell, [], options(1e-4, 50, short))
    expect(found.unfinished).toBe(50)
    expect(found.minima.map(({ known, share }) => [known, share.count])).toEqual([['global', 50]])
  })
})

describe('networks', () => {
  /**
   * Safran and Shamir, ICML 2018 (arXiv 1712.08968): the spurious minimum of six neurons. Row 1 is (a, b, .., b); the
   * other rows have e first, c on the diagonal and f elsewhere. Loss and eigenvalues by Newton's method in extended
   * precision.
   */
  const [a, b, c, e, f] = [
    -0.6015119235610937, 0.2245158075994779, 0.9867038188885768, 0.3080109914790688, -0.05041340321680874,
  ]
  const spurious = Array.from({ length: 36 }, (_, at) => {
    const [row, column] = [Math.floor(at / 6), at % 6]
    if (row === 0) return column === 0 ? a : b
    return column === 0 ? e : row === column ? c : f
  })
  const population = { network: { population: 'relu', neurons: 6, teachers: 6, dimension: 6 } }

  test('the spurious minimum of six ReLU neurons, whatever the order of its neurons and teachers', async () => {
    // Rows and columns in other orders: a copy.
    const copy = spurious.map((_, at) => spurious[((Math.floor(at / 6) + 2) % 6) * 6 + (((at % 6) * 5 + 3) % 6)]!)
    for (const mean of [spurious, copy]) {
      const cell = cellOf('double-well', {
        landscape: { ...population, minima: { bad: spurious } },
        start: { gaussian: { mean, sigma: 0.003 } },
      })
      const { minima, others } = await findMinima(cell, [], options(0.1, 8))
      expect(others).toEqual([])
      expect(minima.map(({ known, share }) => [known, share.count])).toEqual([['bad', 8]])
      const [{ loss, eigenvalues, gradnorm }] = minima as [(typeof minima)[number]]
      expect(Math.abs(loss - 0.02508058100246301)).toBeLessThan(1e-14)
      expect(eigenvalues![0]).toBeCloseTo(0.0047003547, 8)
      expect(eigenvalues![35]).toBeCloseTo(2.0237, 4)
      expect(gradnorm).toBeLessThan(1e-13)
    }
  })

  test('XOR by two tanh units with decay: copies by order and sign are one', async () => {
    const network = {
      layers: [2, 2, 1],
      activation: 'tanh',
      output: 'identity',
      loss: 'mse',
      data: { preset: 'xor' },
      decay: 0.001,
    }
    const { cell, tables } = resolvedCellOf('double-well', { landscape: { network }, start: { init: 'xavier' } })
    const { minima, symmetry } = await findMinima(cell, tables, options(0.2, 100))
    expect(symmetry).toMatch(/order and the signs/)
    // The two deepest differ: in one the hidden units see the same, in the other opposite, inputs.
    expect(minima.slice(0, 2).map(({ loss }) => loss.toFixed(10))).toEqual(['0.0127735677', '0.0132655867'])
    expect(minima[0]!.share.count + minima[1]!.share.count).toBeGreaterThan(95)
  })
})

test('options out of range are refused', async () => {
  const cell = cellOf('banana')
  for (const wrong of [
    options(0.1, 0),
    options(0.1, 1.5),
    options(-1),
    options(Number.NaN),
    { ...options(0.1), confidence: 1 },
    options(0.1, 1, { descent: { eta: 0.1, gradient: 1e-6, steps: 0 } }),
  ])
    await expect(findMinima(cell, [], wrong)).rejects.toThrow(TheoryError)
})
