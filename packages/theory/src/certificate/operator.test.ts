import { elementary } from '@driftfarm/formula'
import type { Law } from '@driftfarm/spec'
import { normalTail } from '@driftfarm/statistics'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Interval, multiply, point, power, subtract } from '../interval/interval.ts'
import { type Axis, meshOver, planeGrid, wholeMesh } from './axis.ts'
import { type LineMap, planeLift } from './curvatures.ts'
import { certifiedLaw } from './law.ts'
import { extrapolated } from './stationary.ts'
import { lineStep, planeStep, pointStep } from './step.ts'

const laws: readonly Law[] = [
  { kind: 'gaussian' },
  { kind: 'laplace' },
  { kind: 'uniform' },
  { kind: 'cauchy' },
  { kind: 'student', nu: 3 },
]

/** x - eta L'(x) of the double well. */
const wellMap = (eta: number): LineMap => ({
  value: (x) => subtract(x, multiply(point(eta), subtract(power(x, 3), x))),
  slope: (x) => subtract(point(1), multiply(point(eta), subtract(multiply(point(3), power(x, 2)), point(1)))),
  bend: (x) => multiply(point(eta), multiply(point(-6), x)),
})

const one = { before: 1 } as const

describe('the bound of a step on a line', () => {
  test.each(laws)('lies above the expectation between nodes as well: %j', (law) => {
    const numRuns = process.env.DRIFTFARM_TEST_TIER === 'full' ? 60 : 6
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.6, noNaN: true }),
        fc.double({ min: 0.05, max: 0.4, noNaN: true }),
        fc.double({ min: 0.15, max: 1.5, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (eta, scale, spacing, stream) => {
          const stretches = [{ range: [-1.6, -0.3], ...one } as const, { range: [-0.1, 0.2], ...one } as const]
          const mesh = { ...meshOver(stretches, () => spacing * scale), gaps: [1, 1, 0] as const }
          const values = Float64Array.from(mesh.nodes, () => stream.next().value as number)
          const move = { map: wellMap(eta), scale, law: certifiedLaw(law) }
          const above = lineStep(mesh, mesh, move)(values)
          for (const { first, count } of mesh.pieces)
            for (let j = first; j + 1 < first + count; j++)
              for (const share of [0.21, 0.5, 0.87]) {
                const x = mesh.nodes[j]! + share * (mesh.nodes[j + 1]! - mesh.nodes[j]!)
                const bound = above[j]! + share * (above[j + 1]! - above[j]!)
                expect(bound).toBeGreaterThanOrEqual(Math.min(1, pointStep(mesh, move, x)(values)) * (1 - 1e-9))
              }
        },
      ),
      { seed: 17, numRuns },
    )
  })

  it('agrees with the tail where V is 1 beyond a point', () => {
    // P(m + s xi >= 0) from -0.5, m = -0.5 - 0.1 (-0.125 + 0.5) = -0.5375.
    const mesh = meshOver([{ range: [-3, 0], ...one }], () => 0.01)
    const from = (law: Law) => pointStep(mesh, { map: wellMap(0.1), scale: 0.1, law: certifiedLaw(law) }, -0.5)
    const nothing = new Float64Array(mesh.nodes.length)
    const z = 5.375
    expect(from({ kind: 'gaussian' })(nothing) / normalTail(z)).toBeCloseTo(1, 9)
    expect(from({ kind: 'laplace' })(nothing) / (0.5 * elementary.exp(-Math.SQRT2 * z))).toBeCloseTo(1, 9)
    expect(from({ kind: 'uniform' })(nothing)).toBeLessThan(1e-280)
  })
})

describe('the bound of a step in a plane', () => {
  test.each(laws.slice(0, 3))('lies above the expectation between nodes as well: %j', (kind) => {
    const lines = (count: number) => Float64Array.from({ length: count + 1 }, (_, i) => -1 + (2 * i) / count)
    const nodes = [lines(14), lines(11)] as const
    const law = certifiedLaw(kind)
    const scale = 0.25
    const eta = 0.2
    // L = x^2 y / 2 + x^2 + y^2, whose step mixes the coordinates.
    const mean = ([x, y]: readonly [number, number]): readonly [Interval, Interval] => [
      point(x - eta * (x * y + 2 * x)),
      point(y - eta * (0.5 * x * x + 2 * y)),
    ]
    const grid = planeGrid(
      nodes,
      ([x]) => ({ exit: x![1] <= 0.5 ? [0, 0] : [1, 1], ended: [0, 0] }),
      () => true,
    )
    const axes = nodes.map(
      (axis): Axis => ({ mesh: wholeMesh(axis), scale, law, reach: law.reach }),
    ) as unknown as readonly [Axis, Axis]
    const step = planeStep(grid, axes, mean)
    let seed = 7
    const random = () => {
      seed = (seed * 16807) % 2147483647
      return seed / 2147483647
    }
    for (let round = 0; round < 3; round++) {
      const values = Float64Array.from(grid.kinds, (kind) => (kind === 0 ? random() : 1))
      const exact = step.exact(values)
      const liftOf = planeLift(grid, axes, values)
      const high = nodes[1].length
      let lifted = 0
      for (let i = 0; i + 1 < nodes[0].length; i++)
        for (let j = 0; j + 1 < high; j++) {
          if (grid.open[i * (high - 1) + j] === 0) continue
          const [x0, x1] = [nodes[0][i]!, nodes[0][i + 1]!]
          const [y0, y1] = [nodes[1][j]!, nodes[1][j + 1]!]
          const x: Interval = [x0, x1]
          const y: Interval = [y0, y1]
          const minus = point(-eta)
          const sides = [x1 - x0, y1 - y0] as const
          const by = (a: Interval) => multiply(point(eta), a)
          const lift = liftOf(
            {
              first: [
                subtract(point(1), by([y[0] + 2, y[1] + 2])),
                multiply(minus, x),
                multiply(minus, x),
                subtract(point(1), point(2 * eta)),
              ],
              // L_111 = 0, L_122 = 0, L_112 = 1, L_222 = 0.
              second: [point(0), point(0), minus, point(0)],
              image: [
                subtract(
                  x,
                  by([Math.min(...corners(x, [y[0] + 2, y[1] + 2])), Math.max(...corners(x, [y[0] + 2, y[1] + 2]))]),
                ),
                subtract(y, by([0.5 * Math.min(...squares(x)) + 2 * y[0], 0.5 * Math.max(...squares(x)) + 2 * y[1]])),
              ],
            },
            sides,
          )
          lifted += lift
          const at = (a: number, b: number) => exact[(i + a) * high + j + b]!
          for (const [s, t] of [
            [0.5, 0.5],
            [0.2, 0.7],
            [0.9, 0.4],
          ] as const) {
            const bilinear =
              (1 - s) * (1 - t) * at(0, 0) + s * (1 - t) * at(1, 0) + (1 - s) * t * at(0, 1) + s * t * at(1, 1)
            const truth = step.from(mean([x0 + s * sides[0], y0 + t * sides[1]]))(values)
            expect(bilinear + lift).toBeGreaterThanOrEqual(truth * (1 - 1e-9))
          }
        }
      expect(Number.isFinite(lifted)).toBe(true)
    }
  })
})

const corners = (a: Interval, b: Interval) => [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]]
const squares = ([low, high]: Interval) => [
  low <= 0 && high >= 0 ? 0 : Math.min(low * low, high * high),
  Math.max(low * low, high * high),
]

describe('wrong versions say less than the truth', () => {
  /** The exact probability that the double well's minimum -1 is left over 0 within 1000 steps: eta 0.1, sigma 0.5. */
  const exact = 7.71631368879161e-8
  const move = { map: wellMap(0.1), scale: 0.05, law: certifiedLaw({ kind: 'gaussian' }) }
  const temperature = 0.0125
  const mesh = meshOver([{ range: [-1.9, 0], ...one }], () => 0.01)
  const energy = (x: number) => (x * x - 1) ** 2 / 4 - 0.025 * (x * x * x - x) ** 2
  const closed = Float64Array.from(mesh.nodes, (x) =>
    Math.min(1, elementary.exp((0.87 / temperature) * (energy(x) - 0.25))),
  )

  it('without the term of the supremum', () => {
    const first = pointStep(mesh, move, -1)(closed)
    const next = lineStep(mesh, mesh, move)(closed)
    expect(extrapolated({ values: closed, next, top: 1 }, first, 999).escape).toBeGreaterThan(exact)
    expect(first).toBeLessThan(exact)
  })

  it('with W below 1 on the exit set', () => {
    // The exit is the bottom of x^2/2, |x| <= 0.5, and trials from 2 fall into it: P = 1.
    const down = {
      map: { value: (x: Interval) => multiply(point(0.9), x), slope: () => point(0.9), bend: () => point(0) },
      scale: 0.05,
      law: certifiedLaw({ kind: 'gaussian' }),
    }
    const bound = (list: readonly { readonly range: Interval; readonly before: 1 }[]) => {
      const all = meshOver(list, () => 0.02)
      const values = Float64Array.from(all.nodes, (x) => Math.min(1, elementary.exp(4 * ((x * x) / 2 - 8))))
      const next = lineStep(all, all, down)(values)
      return extrapolated({ values, next, top: 1 }, pointStep(all, down, 2)(values), 199).escape
    }
    expect(bound([{ range: [-4, 4], ...one }])).toBeLessThan(0.01)
    expect(
      bound([
        { range: [-4, -0.5], ...one },
        { range: [0.5, 4], ...one },
      ]),
    ).toBeGreaterThan(0.99)
  })

  it('with values at nodes alone, where the function peaks between them', () => {
    // V is 1 in a narrow peak: its expectation is concave around it.
    const peak = meshOver([{ range: [-1.9, 0], ...one }], () => 0.06)
    const values = Float64Array.from(peak.nodes, (x) => elementary.exp(-((x + 1) ** 2) / 0.004))
    const nodes = Float64Array.from(peak.nodes, (x) => pointStep(peak, move, x)(values))
    const above = lineStep(peak, peak, move)(values)
    let missed = 0
    for (let j = 0; j + 1 < nodes.length; j++) {
      const truth = pointStep(peak, move, 0.5 * (peak.nodes[j]! + peak.nodes[j + 1]!))(values) * (1 - 1e-9)
      if (0.5 * (nodes[j]! + nodes[j + 1]!) < truth) missed++
      expect(0.5 * (above[j]! + above[j + 1]!)).toBeGreaterThanOrEqual(truth)
    }
    expect(missed).toBeGreaterThan(2)
  })
})
