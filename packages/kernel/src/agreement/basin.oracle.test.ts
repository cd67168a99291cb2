import { type Cell, type Descent, resolveLandscape, type Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import exact from '../fixtures/basins.json'
import { planes } from '../fixtures/planes.ts'
import { descendAll } from '../run/descend.ts'
import { basinRelation } from '../scalar/basin.ts'
import { landscapeFunction } from '../scalar/landscapeFunction.ts'
import { cellOf } from './cells.fixture.ts'
import { network, randomSamples } from './networks.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** Points of each landscape in the plane, networks, and points of each. */
const points = full ? 2000 : 20
const networks = full ? 20 : 1
const pointsOfNetwork = full ? 100 : 20

interface Study {
  readonly cell: Cell
  readonly tables: Tables
  readonly descent: Descent
}

function planeStudy(name: keyof typeof planes): Study {
  const { low, high, eta } = planes[name]
  const { landscape } = resolveLandscape(name, {})
  const cell = cellOf({ landscape, start: { kind: 'uniform', low: [...low], high: [...high] }, seed: '77' })
  return { cell, tables: [], descent: { gradient: 1e-7, eta, steps: 1_000_000 } }
}

/**
 * Copies of a minimum by the order of units may have barriers of 1e-5 between them, which a tolerance of 1e-5 does not
 * see.
 */
const toleranceOfNetworks = 1e-8

function networkStudy(index: number): Study {
  const layers = [
    [2, 2, 1],
    [2, 3, 1],
    [1, 4, 1],
    [3, 2, 2, 1],
  ][index % 4]!
  const samples = randomSamples(6 + (index % 5), layers[0]!, 1, 300 + index)
  const landscape = network(layers, samples, {
    activation: (['tanh', 'sigmoid', 'softplus', 'sin'] as const)[(index >> 2) % 4]!,
    decay: 1e-2,
  })
  const start = { kind: 'gaussian', mean: 0, sigma: 1 } as const
  return {
    cell: cellOf({ landscape, start, seed: String(index) }),
    tables: [samples],
    descent: { gradient: toleranceOfNetworks, eta: 0.2, steps: 1_000_000 },
  }
}

/** Ends of descents at the tolerance and at 1e-13, and the minima that the latter come to. */
async function endsOf({ cell, tables, descent }: Study, count: number) {
  const coarse = (await descendAll(cell, tables, descent))(0, count)
  const fine = (await descendAll(cell, tables, { ...descent, gradient: 1e-13 }))(0, count)
  const { dimension } = cell.landscape
  const at = ({ theta }: { theta: Float64Array }, i: number) => theta.slice(i * dimension, (i + 1) * dimension)
  const minima: Float64Array[] = []
  const expected = Array.from({ length: count }, (_, i) => {
    const end = at(fine, i)
    const known = minima.findIndex((minimum) => Math.hypot(...minimum.map((x, k) => x - end[k]!)) < 1e-6)
    return known >= 0 ? known : minima.push(end) - 1
  })
  return { ends: Array.from({ length: count }, (_, i) => at(coarse, i)), reached: coarse.ends, minima, expected }
}

/**
 * Ends at the tolerance that are no minima, by the rule itself: a lower one is reached without a rise. They are told,
 * and in no basin.
 */
let plateaus = 0

async function check(study: Study, count: number): Promise<number> {
  const { ends, reached, minima, expected } = await endsOf(study, count)
  const landscape = landscapeFunction(study.cell, study.tables)
  const { gradient } = study.descent
  expect(reached.every((end) => end === 'converged')).toBe(true)
  const found = ends.map((end) => minima.findIndex((m) => basinRelation(landscape, m, end, gradient) === 'one'))
  found.forEach((minimum, i) => {
    if (minimum >= 0 || basinRelation(landscape, minima[expected[i]!]!, ends[i]!, gradient) !== 'below') return
    plateaus++
    found[i] = expected[i]!
  })
  expect(found).toEqual(expected)
  minima.forEach((one, i) => {
    for (const other of minima.slice(0, i)) expect(basinRelation(landscape, one, other, gradient)).not.toBe('one')
  })
  return minima.length
}

describe('points are assigned to minima as the same descent at a tolerance of 1e-13 assigns them', () => {
  it.each([
    ['himmelblau', 4],
    ['three-hole', 3],
    ['mueller-brown', 3],
    ['six-hump-camel', 6],
  ] as const)(`${points} points of %s`, { timeout: 1_800_000 }, async (name, minima) => {
    expect(await check(planeStudy(name), points)).toBe(minima)
  })

  it(`${pointsOfNetwork} points of each of ${networks} networks`, { timeout: 1_800_000 }, async () => {
    let minima = 0
    for (let index = 0; index < networks; index++) minima += await check(networkStudy(index), pointsOfNetwork)
    expect(minima).toBeGreaterThan(networks)
    // Descents may stop on the flank of a saddle.
    expect(plateaus).toBeLessThanOrEqual(1)
  })
})

describe('points next to a boundary are assigned as a descent of 40 digits assigns them', () => {
  it.each(Object.entries(exact))('%s', async (name, rows) => {
    const study = planeStudy(name as keyof typeof planes)
    const landscape = landscapeFunction(study.cell, [])
    const run = await descendAll(study.cell, [], study.descent)
    for (const { trial, end } of rows) {
      const { theta } = run(trial, 1)
      expect([trial, basinRelation(landscape, end.map(Number), theta, study.descent.gradient)]).toEqual([trial, 'one'])
    }
    expect(rows.length).toBe(50)
  })
})
