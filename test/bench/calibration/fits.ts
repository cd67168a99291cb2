import {
  BlockSums,
  blocksFor,
  type Estimate,
  estimatesOf,
  fitOf,
  type JudgedCell,
  type SharedNoise,
  StatisticsError,
  type SweepFit,
  trialReader,
} from '../../../packages/statistics/src/index.ts'
import { type Chain, type ChainOptions, chainOf, demand, ran } from './chain.ts'
import { type Experiment, type Held, within } from './experiment.ts'

/** A line through the logarithms of cells against their own true logarithms, centred: its slope is 1. */
export interface Line {
  readonly x: readonly number[]
  readonly level: number
}

export function lineThrough(truths: readonly number[]): Line {
  const logs = truths.map((truth) => Math.log(truth))
  const level = logs.reduce((sum, each) => sum + each, 0) / logs.length
  return { x: logs.map((each) => each - level), level }
}

/** A cell as a fit takes it. */
export function judged(index: number, x: number, trials: number, estimates: Readonly<Record<string, Estimate>>) {
  return { index, id: `cell ${index}`, params: { 'let.x': x }, trials, estimates, checks: [] } satisfies JudgedCell
}

/** Null where the fit is refused. */
export function fitted(cells: readonly JudgedCell[], formula: string): SweepFit['fit'] | null {
  try {
    return fitOf(cells, formula, new Map()).fit
  } catch (error) {
    if (error instanceof StatisticsError && error.code === 'FIT') return null
    throw error
  }
}

export const lineRows = ['intercept', 'slope', 'p-value of the scatter is at least 5 %'] as const

export function judgedLine(fit: SweepFit['fit'] | null, { level }: Line): readonly Held[] {
  if (fit === null) return lineRows.map(() => null)
  const [intercept, slope] = fit.coefficients
  return [within(intercept!, level), within(slope!, 1), fit.pValue === null ? null : fit.pValue >= 0.05]
}

interface ChainFit {
  readonly name: string
  readonly estimate: 'escape' | 'escapeRate'
  readonly streams: 'independent' | 'common'
  readonly cells: readonly Pick<ChainOptions, 'probability' | 'rate'>[]
  readonly horizon: number
  readonly trials: number
  /** Rows that are judged; by default all of `lineRows`. */
  readonly rows?: readonly string[]
}

/** Cells of chains that forget, fitted as sweeps are: with the noise that they share, read from their records. */
function chainFit({ name, estimate, streams, cells, horizon, trials, rows = lineRows }: ChainFit): Experiment {
  const isCommon = streams === 'common'
  return {
    name,
    rows,
    level: 0.95,
    ...(isCommon && rows === lineRows ? { controls: ['intercept, as if cells were independent'] } : {}),
    async begin(seeds) {
      const seed = seeds.cell(name)
      const chains: Chain[] = []
      for (const cell of cells) chains.push(await chainOf({ ...cell, seed, streams, horizon }))
      const line = lineThrough(chains.map((chain) => (estimate === 'escape' ? chain.probability : chain.rate)))
      return (replicate) => {
        const alone = chains.map((chain, index) => {
          const { tally, records } = ran(chain, replicate * trials, trials)
          const how = { kind: 'fixed', trial: chain.trial } as const
          const estimates = estimatesOf(tally, chain.layout, { ...demand, estimates: [estimate] }, how)
          return { cell: judged(index, line.x[index]!, trials, estimates), noise: noiseOf(chain, estimate, records) }
        })
        const formula = `log(${estimate}) ~ x`
        const independent = alone.map(({ cell }) => cell)
        if (!isCommon) return judgedLine(fitted(independent, formula), line).slice(0, rows.length)
        const shared = alone.map(({ cell, noise }) => ({ ...cell, noise }))
        const held = judgedLine(fitted(shared, formula), line).slice(0, rows.length)
        if (rows !== lineRows) return held
        // As it was before: independent cells, normal quantiles.
        const naive = fitted(independent, formula)?.coefficients[0]
        return [...held, naive === undefined ? null : Math.abs(naive.value - line.level) <= 1.96 * naive.error]
      }
    },
  }
}

function noiseOf({ layout }: Chain, estimate: string, records: Uint8Array): SharedNoise {
  const read = trialReader(estimate, layout)!
  const trials = records.length / layout.bytes
  const sums = new BlockSums(blocksFor(trials))
  const words = new DataView(records.buffer, records.byteOffset, records.byteLength)
  for (let trial = 0; trial < trials; trial++)
    read(words, trial * layout.bytes, (events, exposure) => sums.add(trial, events, exposure))
  return { key: 'common streams', residuals: sums.residuals() }
}

const probabilities = [0.02, 0.05, 0.1, 0.2, 0.3].map((probability) => ({ probability }))
const rates = [0.002, 0.004, 0.008, 0.016].map((rate) => ({ rate }))
/** Within 50 steps 39 %, 78 %, 99.5 % and all of the trials escape. */
const saturated = [0.01, 0.03, 0.1, 0.2].map((rate) => ({ rate }))

/** Studies of a normal fit have too few trials for the chi-square law of the deviance where cells are saturated. */
const coefficients = lineRows.slice(0, 2)

const ofChains: readonly ChainFit[] = (['independent', 'common'] as const).flatMap((streams) => [
  {
    name: `fit of probabilities, ${streams} streams`,
    estimate: 'escape',
    streams,
    cells: probabilities,
    horizon: 10,
    trials: 400,
  },
  { name: `fit of rates, ${streams} streams`, estimate: 'escapeRate', streams, cells: rates, horizon: 50, trials: 400 },
  {
    name: `fit of rates, saturated cells, ${streams} streams`,
    estimate: 'escapeRate',
    streams,
    cells: saturated,
    horizon: 50,
    trials: 200,
    rows: coefficients,
  },
])

/** Cells that lie beside their line, by `scatter` of their standard errors: a dispersion of about 1 + scatter^2. */
function scatteringFit(cells: number, scatter: number): Experiment {
  const name = `fit of ${cells} cells that scatter by ${scatter} standard errors`
  const [trials, probability] = [2000, 0.1]
  return {
    name: scatter === 1 ? name.replace(/errors$/, 'error') : name,
    rows: coefficients,
    level: 0.95,
    ...(scatter > 1 && cells < 8 ? { controls: ['slope, with normal quantiles'] } : {}),
    async begin(seeds) {
      const uniform = seeds.uniforms(name)
      const error = Math.sqrt((1 - probability) / probability / trials)
      return () => {
        const made = Array.from({ length: cells }, (_, index) => {
          // Log-normal with mean 1.
          const spread = scatter * error
          const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
          const p = probability * Math.exp(spread * normal - spread ** 2 / 2)
          let events = 0
          for (let trial = 0; trial < trials; trial++) if (uniform() < p) events++
          const { value, ...rest } = { value: events / trials, low: 0, high: 1, confidence: 0.95 }
          const escape = { value, ...rest, method: 'clopper-pearson', events }
          return judged(index, index - (cells - 1) / 2, trials, { escape })
        })
        const fit = fitted(made, 'log(escape) ~ x')
        if (fit === null) return [null, null, null]
        const [intercept, slope] = fit.coefficients
        return [
          within(intercept!, Math.log(probability)),
          within(slope!, 0),
          Math.abs(slope!.value) <= 1.96 * slope!.error,
        ]
      }
    },
  }
}

export const fits: readonly Experiment[] = [
  ...ofChains.map(chainFit),
  ...[
    [4, 1],
    [4, 3],
    [5, 2],
    [12, 3],
  ].map(([cells, scatter]) => scatteringFit(cells!, scatter!)),
]
