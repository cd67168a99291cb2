import { type Kernel, kernelOf, type RecordLayout, type Tally } from '@driftfarm/kernel'
import { type Cell, type Demand, parseSweep } from '@driftfarm/spec'
import { normalQuantile } from '../../../packages/statistics/src/index.ts'

/** What sweeps ask for in these experiments. */
export const demand: Demand = {
  trials: 1,
  until: null,
  record: { kind: 'all' },
  horizons: [],
  confidence: 0.95,
  simultaneous: false,
  interval: 'clopper-pearson',
  estimates: null,
  contrasts: [],
}

/** A cell that runs, with what is known of it exactly. */
export interface Chain {
  readonly kernel: Kernel
  readonly layout: RecordLayout
  readonly trial: Cell['trial']
  readonly horizon: number
  /** The probability of an escape at each step that is taken. */
  readonly rate: number
  /** That of an escape within the horizon. */
  readonly probability: number
}

export interface ChainOptions {
  readonly seed: string
  readonly streams?: 'independent' | 'common'
  /** What is known of its escape: within the horizon, or at each step. */
  readonly probability?: number
  readonly rate?: number
  readonly horizon?: number
  readonly method?: unknown
  /** Instead of ending there, trials note the escape as a mark of this name and go on. */
  readonly mark?: string
}

/**
 * A chain that forgets: at h = 1 a step of eta = 1 leads to the minimum, and what is left is the noise of that step.
 * Trials escape at each step with the same probability q = P(s xi >= 1), independently: the step of the escape is
 * geometric, within N steps the probability is 1 - (1 - q)^N, and the mean of min(tau, N) is that over q.
 */
export async function chainOf(options: ChainOptions): Promise<Chain> {
  const { seed, streams = 'independent', horizon = 10, method = 'direct', mark } = options
  const rate = options.rate ?? -Math.expm1(Math.log1p(-options.probability!) / horizon)
  const cell = cellOf({
    seed,
    streams,
    landscape: { preset: 'quadratic', dimension: 1, parameters: { h: 1 } },
    start: [0],
    update: { eta: 1, drift: { form: 'additive', law: 'gaussian', step: -1 / normalQuantile(rate) } },
    method,
    trial: { steps: horizon, ...(mark === undefined ? { escape: 'x >= 1' } : { marks: { [mark]: 'x >= 1' } }) },
  })
  const kernel = await kernelOf(cell)
  const probability = -Math.expm1(horizon * Math.log1p(-rate))
  return { kernel, layout: kernel.layout, trial: cell.trial, horizon, rate, probability }
}

export function cellOf(spec: Readonly<Record<string, unknown>>): Cell {
  return parseSweep(JSON.stringify({ version: 1, trials: 1, ...spec }), { fileName: 'coverage' }).cell(0).cell
}

/** The trials of a study: those of a replicate are from replicate * trials on, so that studies have none in common. */
export function ran({ kernel }: Chain, first: number, trials: number): { tally: Tally; records: Uint8Array } {
  const { tally, records } = kernel.run(first, trials, { keep: true, horizons: [] })
  return { tally, records: records! }
}
