import { kernelOf } from '@driftfarm/kernel'
import { parseSweep, type ResolvedCell } from '@driftfarm/spec'
import { incompleteBeta } from '@driftfarm/statistics'
import { describe, expect, it } from 'vitest'
import { radial } from '../radial/chain.fixture.ts'
import { radialSurvival } from '../radial/survival.ts'
import type { TheoremAnswer } from '../shapes/index.ts'
import { theorem } from './theorem.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const trials = full ? 200_000 : 5_000
const steps = 60
/** Of every cell: with less than 200 tests, a true theorem fails once in 5,000 seeds. */
const level = 1e-6

/** P(X <= k) of X ~ Bin(n, p). */
function lowerTail(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1
  return p >= 1 ? 0 : incompleteBeta(1 - p, n - k, k + 1)
}

interface Kind {
  readonly name: string
  readonly landscape: unknown
  readonly start: unknown
  readonly of: string | readonly number[]
  readonly etas: readonly number[]
  readonly sigmas: readonly number[]
  readonly radii: readonly number[]
}

const network = {
  network: {
    layers: [1, 1, 1],
    activation: 'tanh',
    biases: false,
    data: { inputs: [[-1], [0.5], [1]], targets: [[-0.5], [0.4], [0.5]] },
    decay: 0.05,
  },
}

const kinds: readonly Kind[] = [
  {
    name: 'double-well',
    landscape: { preset: 'double-well' },
    start: [-0.9],
    of: 'left',
    etas: [0.05, 0.1, 0.2, 0.4],
    sigmas: [0.3, 0.5, 0.8],
    radii: [0.2, 0.3, 0.45],
  },
  {
    name: 'banana',
    landscape: { preset: 'banana' },
    start: { minimum: 'left' },
    of: 'left',
    etas: [0.02, 0.05, 0.1],
    sigmas: [0.1, 0.3, 0.6],
    radii: [0.1, 0.2, 0.28],
  },
  {
    name: 'quadratic',
    landscape: { preset: 'quadratic', dimension: 3 },
    start: [0.3, 0, 0],
    of: 'origin',
    etas: [0.05, 0.1, 0.3],
    sigmas: [0.5, 0.7, 1],
    radii: [0.6, 0.8, 1],
  },
]

async function kindsWithNetwork(): Promise<readonly Kind[]> {
  const first = cellsOf({
    name: 'network',
    landscape: network,
    start: [1, 1],
    of: [1, 1],
    etas: [0.2],
    sigmas: [0.1],
    radii: [1],
  })[0]!
  // Trials begin at the minimum, and the ball is about it.
  const { minimum } = await theorem(first.cell, first.tables, { certificate: false })
  const { point } = minimum
  return [
    ...kinds,
    {
      name: 'network',
      landscape: network,
      start: point,
      of: point,
      etas: [0.1, 0.3],
      sigmas: [0.1, 0.25],
      radii: [0.15, 0.22],
    },
  ]
}

function cellsOf({ name, landscape, start, of, etas, sigmas, radii }: Kind): ResolvedCell[] {
  const spec = {
    version: 1,
    name,
    seed: 20261125,
    landscape,
    start,
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps, escape: { outside: { radius: 1, of } } },
    trials,
    sweep: { 'update.eta': etas, 'update.drift.sigma': sigmas, 'trial.escape.outside.radius': radii },
  }
  const sweep = parseSweep(JSON.stringify(spec), { fileName: name })
  return [...sweep.cells()]
}

async function staying({ cell, tables }: ResolvedCell): Promise<number> {
  const { tally } = (await kernelOf(cell, tables)).run(0, trials, { keep: false, horizons: [] })
  return trials - tally.escaped
}

interface Verdict {
  readonly answer: TheoremAnswer
  readonly stayed: number
  /**
   * Of s_N and of both ends of the bracket, one-sided: how likely so few stayed, or so few left, if the bound held with
   * equality.
   */
  readonly product: number
  readonly upper: number
  readonly lower: number
}

async function verdict(resolved: ResolvedCell): Promise<Verdict> {
  const answer = await theorem(resolved.cell, resolved.tables, { certificate: false })
  const { bounds } = answer
  if (bounds === null) throw new Error('no bounds')
  const stayed = await staying(resolved)
  return {
    answer,
    stayed,
    product: bounds.stay === null ? 1 : lowerTail(stayed, trials, bounds.stay),
    upper: bounds.upper === null ? 1 : lowerTail(stayed, trials, 1 - bounds.upper),
    lower: bounds.lower === null ? 1 : lowerTail(trials - stayed, trials, bounds.lower),
  }
}

describe('Theorem 1 against trials: eta x sigma x radius', () => {
  if (full)
    it('no measured probability is outside the bounds, in a test at 1e-6 a cell', async () => {
      const all = (await kindsWithNetwork()).flatMap((kind) => cellsOf(kind).filter((_, i) => full || i % 9 === 4))
      let smallest = { p: 1, where: '' }
      let useful = 0
      const wrong: unknown[] = []
      for (const resolved of all) {
        const { answer, stayed, product, upper, lower } = await verdict(resolved)
        const p = Math.min(product, upper, lower)
        const where = `${JSON.stringify(resolved.params)} in ${answer.dimension} dimensions`
        if (p < smallest.p) smallest = { p, where }
        if (p < level) wrong.push({ where, stayed, bounds: answer.bounds, product, upper, lower })
        const { stay, upper: escape } = answer.bounds!
        if (stay !== null && escape !== null && stay > 0.01 && escape > 1e-4) useful += 1
      }
      expect(wrong).toEqual([])
      // The bounds that were tested do say something: neither 0 nor sure.
      expect(useful).toBeGreaterThan(all.length / 4)
      if (process.env.DRIFTFARM_SHOW_FIGURES)
        console.log(
          `${all.length} cells of ${trials} trials, ${useful} with 0.01 < s and 1 - S_N > 1e-4; smallest p ` +
            `${smallest.p} at ${smallest.where}`,
        )
    }, 1_200_000)

  it('a wrong theorem fails it: curvature of the quadratic taken as 1.5 of what it is', async () => {
    const resolved = cellsOf(kinds[2]!).find(
      ({ params }) =>
        params['update.eta'] === 0.1 &&
        params['update.drift.sigma'] === 1 &&
        params['trial.escape.outside.radius'] === 0.8,
    )!
    const { answer, stayed, upper } = await verdict(resolved)
    expect(upper).toBeGreaterThan(level)
    const wrong = radialSurvival(
      ...radial({
        dimension: 3,
        rho: 1 - 0.1 * 1.5 * answer.curvature.meanMu,
        scale: 0.1,
        radius: 0.8,
        start: 0.3,
        steps,
      }),
    )
    const p = lowerTail(stayed, trials, wrong.survive)
    expect(p).toBeLessThan(level)
    if (process.env.DRIFTFARM_SHOW_FIGURES) console.log(`wrong theorem: p ${p}`)
  })

  it('so does curvature taken at the minimum alone, where it falls towards the saddle', async () => {
    const [resolved] = cellsOf({ ...kinds[0]!, start: [-0.65], etas: [0.2], sigmas: [0.5], radii: [0.6] })
    const { stayed, upper } = await verdict(resolved!)
    expect(upper).toBeGreaterThan(level)
    const wrong = radialSurvival(
      ...radial({ dimension: 1, rho: 1 - 0.2 * 2, scale: 0.1, radius: 0.6, start: 0.35, steps }),
    )
    const p = lowerTail(stayed, trials, wrong.survive)
    expect(p).toBeLessThan(level)
    if (process.env.DRIFTFARM_SHOW_FIGURES) console.log(`wrong curvature: p ${p}`)
  })
})
