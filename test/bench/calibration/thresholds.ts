import type { Until } from '@driftfarm/spec'
import {
  crossingsOf,
  firstPlaces,
  nextPlaces,
  type ThresholdSide,
  type VisitedPoint,
} from '../../../packages/statistics/src/index.ts'
import { type Chain, chainOf } from './chain.ts'
import type { Experiment } from './experiment.ts'
import { ranUntil } from './stopping.ts'

/** The grid of a search: 0 .. 1 in 32 steps, the probability 0.95 exp(-4 (1 - at)). */
const points = 33
const at = (place: number) => place / (points - 1)
const equals = 0.2
const probabilityAt = (x: number) => 0.95 * Math.exp(-4 * (1 - x))
const crossing = 1 + Math.log(equals / 0.95) / 4
const max = 2000

/** A search for the place where a probability crosses a value, round by round as the coordinator does. */
function threshold(streams: 'independent' | 'common'): Experiment {
  const name = `threshold, ${streams} streams`
  const rule = { rule: 'threshold', estimate: 'escape', equals } as const
  const until: Until = { rules: [rule], confidence: 0.95, min: 100, max, threshold: { path: 'x', points } }
  return {
    name,
    rows: ['bracket contains the crossing'],
    level: 0.95,
    async begin(seeds) {
      const seed = seeds.cell(name)
      const chains = new Map<number, Chain>()
      for (let place = 0; place < points; place++)
        chains.set(place, await chainOf({ seed, streams, probability: probabilityAt(at(place)), horizon: 5 }))
      return (replicate) => {
        const sides = new Map<number, ThresholdSide>()
        const visited: VisitedPoint[] = []
        for (
          let next: readonly number[] = firstPlaces({ points });
          next.length > 0;
          next = nextPlaces({ points }, sides)
        )
          for (const place of next) {
            const { estimate, side } = ranUntil(chains.get(place)!, until, replicate * max, points)
            sides.set(place, side!)
            visited.push({ place, side: side!, at: at(place), estimate: estimate.value })
          }
        visited.sort((a, b) => a.place - b.place)
        const { found, crossings } = crossingsOf(visited, equals)
        // Nothing found is no false statement, unless all points are said to lie on one side.
        if (found === 'undecided') return [null]
        return [crossings.length === 1 && crossings[0]!.low <= crossing && crossing <= crossings[0]!.high]
      }
    },
  }
}

export const thresholds: readonly Experiment[] = [threshold('independent'), threshold('common')]
