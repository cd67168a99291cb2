import { type Cell, type Drift, dataTable, type FormulaLandscape, type Shape, type Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kernelOf, prepare, runReference, type Tally, traceReference } from '../index.ts'
import { cellOf, constant, drift, exits, formula, indexed, quadratic } from './cells.fixture.ts'
import { network, randomSamples, randomStart, sampledFormula, xor } from './networks.fixture.ts'

/**
 * Chance that one of these checks fails though all is right. The seeds are fixed: it does not change from run to run.
 */
const falseAlarm = 1e-6
/** Standard deviations of a normal value that are exceeded with that chance, both sides. */
const limit = 4.9
/** Of Kolmogorov's statistic. */
const kolmogorovLimit = Math.sqrt(Math.log(2 / falseAlarm) / 2)

const always = { when: null, every: 1 } as const
const gaussian = { law: { kind: 'gaussian' }, isotropic: false } as const

async function tallyOf(cell: Cell, trials: number, tables: Tables = []): Promise<Tally> {
  return (await kernelOf(cell, tables)).run(0, trials, { keep: false, horizons: [] }).tally
}

const zScore = (events: number, trials: number, p: number) => (events - trials * p) / Math.sqrt(trials * p * (1 - p))

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** Off by so much is seen: with a quarter of the trials twice as much. */
const off = full ? 1.01 : 1.02
const trialsOf = (most: number) => (full ? most : most / 4)

describe('escapes that are known exactly', () => {
  const escape = (radius: number, of: readonly number[]) => ({ kind: 'outside', radius, of }) as const

  it.each([
    [0.01, true],
    [0.01 * off, false],
  ])('Cauchy noise of scale %f on a quadratic', async (step, right) => {
    const noise: Drift = {
      form: 'additive',
      scale: 'step',
      law: { kind: 'cauchy' },
      isotropic: false,
      amount: constant(step),
      ...always,
    }
    const cell = cellOf({
      landscape: { ...quadratic(1), parameters: [['h', 1]] },
      start: [0],
      update: { drift: [noise] },
      trial: { escape: escape(1, [0]), divergence: Number.MAX_VALUE },
    })
    const trials = trialsOf(1_000_000)
    const { escaped } = await tallyOf(cell, trials)
    const z = Math.abs(zScore(escaped, trials, 0.4827391161391))
    if (right) expect(z).toBeLessThan(limit)
    else expect(z).toBeGreaterThan(limit)
  })

  it.each([
    [0.3, true],
    // 3 % off: some nine standard deviations of the count.
    [0.309, false],
  ])('flips with probability %f', async (q, right) => {
    const cell = cellOf({
      landscape: formula(['x'], 'h*x^2/2', [['h', 5]]),
      start: [1],
      update: { drift: [{ form: 'flip', amount: constant(q), ...always }] },
      trial: { escape: escape(10, [0]) },
    })
    const trials = full ? 4_000_000 : 2_000_000
    const { escaped } = await tallyOf(cell, trials)
    const z = Math.abs(zScore(escaped, trials, 0.0012720393971784821))
    if (right) expect(z).toBeLessThan(limit)
    else expect(z).toBeGreaterThan(limit)
  })

  it('the golden-ratio chain: factors u and u^-2, ever above u', async () => {
    const u = 1.5
    const cell = cellOf({
      landscape: formula(['x'], 'h*x^2/2', [['h', (1 - (u + u ** -2) / 2) / 0.1]]),
      start: [1],
      update: {
        // g (1 + sigma xi), 1 - eta h (1 + sigma xi) is u or u^-2.
        drift: [
          {
            form: 'multiplicative',
            law: { kind: 'rademacher' },
            isotropic: false,
            amount: constant((u - u ** -2) / 2 / (1 - (u + u ** -2) / 2)),
            ...always,
          },
        ],
      },
      trial: { steps: 400, escape: escape(u * (1 - 1e-9), [0]) },
    })
    const trials = trialsOf(1_000_000)
    const { escaped } = await tallyOf(cell, trials)
    const z = (p: number) => Math.abs(zScore(escaped, trials, p))
    expect(z((Math.sqrt(5) - 1) / 2)).toBeLessThan(limit)
    expect(z(((Math.sqrt(5) - 1) / 2) * off)).toBeGreaterThan(limit)
  })
})

describe('shapes', () => {
  /** Edges of q = x' C^-1 x between its quantiles, and sqrt(n) sup |F_n - F| of its law, chi square with 2 degrees. */
  async function kolmogorov(
    landscape: FormulaLandscape,
    start: readonly number[],
    shape: Shape,
    [a, b, c]: readonly [number, number, number],
    tables: Tables = [],
  ): Promise<number> {
    // 2 % off are five standard deviations beyond the limit.
    const trials = trialsOf(2_000_000)
    const edges = Array.from({ length: 39 }, (_, i) => -2 * Math.log(1 - (i + 1) / 40))
    // Numbers by name, so that all covariances of a kind of shape share a module.
    const numbers = { x0: start[0]!, y0: start[1]!, a, b, c, determinant: a * c - b * b }
    const parameters = Object.entries(numbers).map(([name, value]) => [`of_${name}`, value] as const)
    const q = '(of_c*(x - of_x0)^2 - 2*of_b*(x - of_x0)*(y - of_y0) + of_a*(y - of_y0)^2)/of_determinant'
    const cell = cellOf({
      landscape: { ...landscape, parameters },
      start,
      update: {
        eta: constant(0.1),
        drift: [{ form: 'anisotropic', shape, amount: constant(10), ...gaussian, ...always }],
      },
      trial: { steps: 1, classify: edges.map((edge, index) => [`${index}`, `${q} < ${edge}`]) },
    })
    const { classes } = await tallyOf(cell, trials, tables)
    let below = 0
    return Math.max(
      ...edges.map((_, index) => {
        below += classes[index]!
        return Math.abs(below / trials - (index + 1) / 40) * Math.sqrt(trials)
      }),
    )
  }

  const bowl = formula(['x', 'y'], 'x^2 + x*y/2 + y^2/2')
  const hessian = (power: number, at: 'start' | 'current', trace: number | null = null): Shape => ({
    kind: 'hessian',
    at,
    power,
    trace,
  })

  // H = [[2, 1/2], [1/2, 1]], noise of covariance S S^T.
  it.each([
    ['the Hessian to the power 1/2', hessian(0.5, 'start'), [2, 0.5, 1]],
    ['the Hessian', hessian(1, 'start'), [4.25, 1.5, 1.25]],
    ['the Hessian of the moment', hessian(1, 'current'), [4.25, 1.5, 1.25]],
    ['its root with trace 6', hessian(0.5, 'start', 6), [4, 1, 2]],
    [
      'a matrix',
      {
        kind: 'matrix',
        rows: [
          [2, 0.5],
          [0.5, 1],
        ],
      },
      [4.25, 1.5, 1.25],
    ],
    ['a diagonal', { kind: 'diagonal', values: [2, 0.5] }, [4, 0, 0.25]],
  ] as const)('noise has the covariance of %s', async (_, shape, covariance) => {
    expect(await kolmogorov(bowl, [0, 0], shape as Shape, covariance)).toBeLessThan(kolmogorovLimit)
  })

  it('a covariance that is off by 2 % is seen', async () => {
    expect(await kolmogorov(bowl, [0, 0], hessian(0.5, 'start'), [2.04, 0.51, 1.02])).toBeGreaterThan(kolmogorovLimit)
  })

  it('the covariance of the gradient over samples', async () => {
    // Four points around (1, 2); gradients are theta minus a point.
    const points = [3, 2, -1, 2, 2, 3, 0, 1]
    const data = dataTable(4, 2, points)
    const landscape = sampledFormula(['x', 'y'], '((x - a)^2 + (y - b)^2)/2', ['a', 'b'], data)
    const shape: Shape = { kind: 'covariance', at: 'start', power: 0.5, trace: null }
    expect(await kolmogorov(landscape, [1, 2], shape, [2.5, 0.5, 0.5], [data])).toBeLessThan(kolmogorovLimit)
  })

  it.each([
    ['network', network([2, 2, 1], xor), xor],
    [
      'formula in loops',
      sampledFormula(10, 'sum(i, 1, 10, (x[i]*a - b*i/10)^2)', ['a', 'b'], randomSamples(7, 1, 1)),
      randomSamples(7, 1, 1),
    ],
    [
      'formula, written out',
      sampledFormula(3, 'sum(i, 1, 3, (x[i]*a - b*i/10)^2)', ['a', 'b'], randomSamples(7, 1, 1)),
      randomSamples(7, 1, 1),
    ],
  ] as const)('of single samples and of the Hessian agree with the reference: %s', async (_, landscape, tables) => {
    const entry = (shape: Shape): Drift => ({
      form: 'anisotropic',
      shape,
      amount: constant(0.3),
      ...gaussian,
      ...always,
    })
    const cell = cellOf({
      landscape: { ...landscape, batch: { size: 2, sampling: 'replacement' } },
      start: randomStart(landscape.dimension, 1, 3),
      update: {
        drift: [
          entry({ kind: 'covariance', at: 'start', power: 0.5, trace: null }),
          entry({ kind: 'covariance', at: 'current', power: 1, trace: 0.5 }),
          entry({ kind: 'hessian', at: 'current', power: 0.5, trace: null }),
        ],
      },
      trial: { steps: 6, marks: [['low', 'loss < 0.1 && gradnorm < 3']] },
    })
    const { records } = (await kernelOf(cell, [tables])).run(7, 5, { keep: true, horizons: [] })
    expect(records).toEqual(runReference(cell, 7, 5, { horizons: [], tables: [tables] }).records)
  })
})

describe('what drift does', () => {
  const states = (cell: Cell): number[][] => {
    const seen: number[][] = []
    traceReference(cell, 0, ({ theta }) => seen.push([...theta]))
    return seen
  }
  const plain = { landscape: quadratic(2), start: [1, 0.5], trial: { steps: 12 }, streams: 'common' } as const

  it('rotation keeps the length of the gradient', () => {
    const cell = cellOf({
      ...plain,
      update: { drift: [{ form: 'rotation', law: { kind: 'gaussian' }, amount: constant(0.7), ...always }] },
    })
    const path = states(cell)
    path.slice(1).forEach((x, n) => {
      const before = path[n]!
      const moved = Math.hypot(...x.map((value, i) => value - before[i]!))
      expect(Math.abs(moved / (0.1 * 1.5 * Math.hypot(...before)) - 1)).toBeLessThan(1e-13)
    })
    expect(path[12]).not.toEqual(states(cellOf({ ...plain, update: { drift: [] } }))[12])
  })

  it('rotation leaves a gradient of zero alone', () => {
    const cell = cellOf({
      ...plain,
      start: [0, 0],
      update: { drift: [{ form: 'rotation', law: { kind: 'gaussian' }, amount: constant(0.7), ...always }] },
    })
    expect(states(cell).every(([x, y]) => x === 0 && y === 0)).toBe(true)
  })

  it('every third step from the first, on a condition, and draws in the others too', () => {
    const noise = drift('gaussian', 'step', 1)
    const flat = { ...plain, landscape: indexed(2, '0*x[1]') }
    const full = states(cellOf({ ...flat, update: { drift: [noise] } }))
    const third = states(cellOf({ ...flat, update: { drift: [{ ...noise, every: 3 }] } }))
    const late = states(cellOf({ ...flat, update: { drift: [{ ...noise, when: 'step >= 6 && x[1] == 1' }] } }))
    const increment = (path: number[][], n: number) => path[n + 1]!.map((x, i) => x - path[n]![i]!)
    for (let n = 0; n < 12; n++) {
      const [moved, expected] = [increment(third, n), increment(full, n)]
      moved.forEach((x, i) => {
        expect(x).toBeCloseTo(n % 3 === 0 ? expected[i]! : 0, 12)
      })
    }
    // It leaves x[1] = 1 with its only step.
    expect(late[6]).toEqual([1, 0.5])
    late[7]!.forEach((x, i) => {
      expect(x - [1, 0.5][i]!).toBeCloseTo(increment(full, 6)[i]!, 12)
    })
    expect(late[12]).toEqual(late[7])
  })

  it('rates multiply, and temperature goes by the nominal step size', () => {
    const rate = (amount: number): Drift => ({
      form: 'rate',
      law: { kind: 'rademacher' },
      amount: constant(amount),
      ...always,
    })
    const heat = drift('rademacher', 'temperature', 0.2)
    const cell = cellOf({
      ...plain,
      landscape: formula(['x'], '3*x'),
      start: [0],
      update: { drift: [rate(0.5), rate(0.25), heat] },
      trial: { steps: 1 },
    })
    const [, last] = states(cell)
    const possible = [1.5, 0.5].flatMap((a) =>
      [1.25, 0.75].flatMap((b) => [1, -1].map((c) => -0.3 * a * b + c * Math.sqrt(0.04))),
    )
    expect(possible.some((x) => Math.abs(x - last![0]!) < 1e-15)).toBe(true)
  })

  it('loss-scaled noise stops where the loss is not positive', () => {
    const entry: Drift = { form: 'loss-scaled', amount: constant(1), ...gaussian, ...always }
    const path = states(cellOf({ ...plain, landscape: formula(['x'], 'x'), start: [-1], update: { drift: [entry] } }))
    path.forEach(([x], n) => {
      expect(x).toBeCloseTo(-1 - 0.1 * n, 12)
    })
  })

  it.each([
    ['negative', '-0.3', 'escaped'],
    ['not a number', 'log(-1 - n)', 'diverged'],
  ])('a scale that is %s is taken as it is', async (_, expression, end) => {
    const cell = cellOf({
      ...plain,
      update: { drift: [drift('gaussian', 'sigma', { kind: 'expression', expression })] },
      trial: { steps: 300, escape: exits(['', 'distance > 0.1']) },
    })
    const kernel = await kernelOf(cell)
    const { records, tally } = kernel.run(0, 20, { keep: true, horizons: [] })
    expect(records).toEqual(runReference(cell, 0, 20, { horizons: [] }).records)
    expect(tally.ends[['escaped', 'converged', 'diverged', 'undecided'].indexOf(end)]).toBe(20)
  })

  it('other numbers are the same module', () => {
    const shape = (x: number) =>
      prepare(
        cellOf({
          ...plain,
          update: {
            drift: [
              {
                form: 'additive',
                scale: 'step',
                law: { kind: 'student', nu: x },
                isotropic: true,
                amount: constant(x),
                when: null,
                every: 1 + x,
              },
              { form: 'rate', law: { kind: 'stable', alpha: x / 4 }, amount: constant(x), ...always },
              {
                form: 'anisotropic',
                shape: {
                  kind: 'matrix',
                  rows: [
                    [x, 0],
                    [1, x],
                  ],
                },
                amount: constant(x),
                ...gaussian,
                ...always,
              },
              {
                form: 'anisotropic',
                shape: { kind: 'hessian', at: 'start', power: x, trace: x },
                amount: constant(1),
                ...gaussian,
                ...always,
              },
            ],
          },
        }),
      ).shape
    expect(shape(2)).toBe(shape(3))
  })
})
