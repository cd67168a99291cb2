import { estimatesOf } from '../../../packages/statistics/src/index.ts'
import { type Chain, chainOf, demand, ran } from './chain.ts'
import { type Experiment, within } from './experiment.ts'

/** Every estimate of one cell with a fixed number of trials: its probability, rate, mean step, and cost of a mark. */
function means(trials: number, rate: number, horizon: number): Experiment {
  const name = `one cell, ${trials} trials, rate ${rate}, ${horizon} steps`
  return {
    name,
    rows: ['escape', 'escapeRate', 'escapeStep', 'cost of a mark'],
    level: 0.95,
    async begin(seeds) {
      const chain = await chainOf({ seed: seeds.cell(name), rate, horizon })
      const marked = await chainOf({ seed: seeds.cell(name, 'marked'), rate, horizon, mark: 'there' })
      return (replicate) => {
        const { tally } = ran(chain, replicate * trials, trials)
        const how = { kind: 'fixed', trial: chain.trial } as const
        const { escape, escapeRate, escapeStep } = estimatesOf(
          tally,
          chain.layout,
          { ...demand, estimates: ['escape', 'escapeRate', 'escapeStep'] },
          how,
        )
        const there = ran(marked, replicate * trials, trials).tally
        const asked = { ...demand, estimates: ['cost:there'] }
        const cost = estimatesOf(there, marked.layout, asked, { kind: 'fixed', trial: marked.trial })['cost:there']
        return [
          within(escape!, chain.probability),
          within(escapeRate!, rate),
          within(escapeStep!, chain.probability / rate),
          // Steps of a trial over the probability of the mark: (p / q) / p.
          within(cost!, 1 / rate),
        ]
      }
    },
  }
}

/** Weighted trials, whose noise is pushed towards the escape. */
function tilt(trials: number): Experiment {
  const name = `tilt, ${trials} trials`
  return {
    name,
    rows: ['escape'],
    level: 0.95,
    async begin(seeds) {
      const method = { tilt: { shift: '0.6', original: 0.1 } }
      const chain = await chainOf({ seed: seeds.cell(name), rate: 0.002, horizon: 5, method })
      return (replicate) => {
        const { tally } = ran(chain, replicate * trials, trials)
        const how = { kind: 'fixed', trial: chain.trial, original: 0.1 } as const
        return [within(estimatesOf(tally, chain.layout, demand, how).escape!, chain.probability)]
      }
    },
  }
}

/** The cell with the largest probability of ten, with the interval that holds for all of them, and with its own. */
function best(streams: 'independent' | 'common'): Experiment {
  const name = `best of ten cells, ${streams} streams`
  const trials = 400
  return {
    name,
    rows: ['interval of `results --best`'],
    level: 0.95,
    ...(streams === 'independent' ? { controls: ['ordinary interval of the best cell'] } : {}),
    async begin(seeds) {
      const seed = seeds.cell(name)
      const chains: Chain[] = []
      for (let cell = 0; cell < 10; cell++) chains.push(await chainOf({ seed, streams, probability: 0.2 + cell / 1e4 }))
      return (replicate) => {
        const found = chains.map((chain) => ({ chain, tally: ran(chain, replicate * trials, trials).tally }))
        const { chain, tally } = found.reduce((a, b) => (b.tally.escaped > a.tally.escaped ? b : a))
        const how = { kind: 'fixed', trial: chain.trial, cells: 10 } as const
        const interval = (simultaneous: boolean) =>
          estimatesOf(tally, chain.layout, { ...demand, simultaneous, estimates: ['escape'] }, how).escape!
        const held = within(interval(true), chain.probability)
        return streams === 'common' ? [held] : [held, within(interval(false), chain.probability)]
      }
    },
  }
}

export const cells: readonly Experiment[] = [
  means(400, 0.004, 50),
  means(1000, 0.02, 100),
  tilt(300),
  tilt(2000),
  best('independent'),
  best('common'),
]
