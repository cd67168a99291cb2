import { contrastOf, countPairs, eventBits, type PairTally, type Side } from '../../../packages/statistics/src/index.ts'
import { chainOf, demand, ran } from './chain.ts'
import { type Experiment, within } from './experiment.ts'

/** Differences and ratios of two cells, in pairs under common streams, with the limits of a sweep's contrasts. */
function contrast(streams: 'independent' | 'common', trials: number, [p, q]: readonly [number, number]): Experiment {
  const name = `contrast of ${p} and ${q}, ${trials} trials, ${streams} streams`
  return {
    name,
    rows: ['difference', 'ratio'],
    level: 0.95,
    async begin(seeds) {
      const options = { seed: seeds.cell(name), streams }
      const chains = [
        await chainOf({ ...options, probability: p }),
        await chainOf({ ...options, probability: q }),
      ] as const
      return (replicate) => {
        const [a, b] = chains.map((chain) => ({ chain, ...ran(chain, replicate * trials, trials) }))
        const sides = [a!, b!].map(
          ({ chain, tally }): Side => ({ tally, layout: chain.layout, choice: { kind: 'fixed', trial: chain.trial } }),
        )
        const pairs = streams === 'common' ? pairsOf(a!.records, b!.records, chains[0].layout, trials) : null
        const madeOf = (kind: 'difference' | 'ratio') =>
          contrastOf({ of: 'escape', kind }, [sides[0]!, sides[1]!], demand, {
            independent: pairs === null,
            pairs,
            contrasts: 1,
          })
        return [within(madeOf('difference'), p - q), within(madeOf('ratio'), p / q)]
      }
    },
  }
}

function pairsOf(a: Uint8Array, b: Uint8Array, layout: Side['layout'], trials: number): PairTally {
  const [one, other] = [a, b].map((records) => ({
    first: 0,
    count: trials,
    bits: eventBits('escape', records, layout),
  }))
  const { first, second, both } = countPairs(one!, other!, 0, trials)
  return { both, first: first - both, second: second - both, neither: trials - first - second + both }
}

export const contrasts: readonly Experiment[] = (['independent', 'common'] as const).flatMap((streams) => [
  contrast(streams, 200, [0.3, 0.2]),
  contrast(streams, 1000, [0.05, 0.03]),
])
