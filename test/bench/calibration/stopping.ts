import { addTallies, type Tally, zeroTally } from '@driftfarm/kernel'
import type { StopRule, Until } from '@driftfarm/spec'
import { checkPoints, countOf, decide, type Estimate, estimatesOf } from '../../../packages/statistics/src/index.ts'
import { type Chain, chainOf, demand } from './chain.ts'
import { type Experiment, type Held, within } from './experiment.ts'

/** How a cell under a stopping rule ended. */
export interface Ended {
  readonly estimate: Estimate
  readonly trials: number
  readonly side: 'above' | 'below' | 'undecided' | null
}

/**
 * Runs trials of a cell from `first` on until a rule ends it, as the coordinator does: on prefixes, at check points.
 * `cells`: the number of cells whose intervals hold together, else null.
 */
export function ranUntil(chain: Chain, until: Until, first: number, cells: number | null = null): Ended {
  const { kernel, layout, trial } = chain
  const points = checkPoints(until.min, until.max)
  let tally: Tally = zeroTally(layout, [])
  const run = (from: number, to: number) => kernel.run(first + from, to - from, { keep: false, horizons: [] }).tally
  for (const point of points) {
    const before = tally
    tally = addTallies(tally, run(tally.trials, point))
    const decision = decide(until, tally, layout, { cells, trial })
    if (decision === null) continue
    const { stopped } = decision
    const side = 'decision' in stopped ? stopped.decision : null
    const ended = decision.atEvent && 'events' in stopped ? upToEvent(before, stopped, run) : tally
    const how = { kind: 'stopped', by: stopped, checkPoints: points.length, trial, cell: `trial ${first}` } as const
    const asked = { ...demand, until, simultaneous: cells !== null }
    const { escape } = estimatesOf(ended, layout, { ...asked, estimates: ['escape'] }, { ...how, cells: cells ?? 1 })
    return { estimate: escape!, trials: ended.trials, side }
  }
  throw new Error('the last check point ends a cell')

  /** The trials up to the nth event, which comes after `before`. */
  function upToEvent(
    before: Tally,
    { estimate, events }: { readonly estimate: string; readonly events: number },
    to: typeof run,
  ) {
    let found = before
    while (countOf(estimate, found, layout) < events) found = addTallies(found, to(found.trials, found.trials + 1))
    return found
  }
}

interface Stopping {
  /** Selects the seed, so that a change gives other trials. */
  readonly name: string
  /** The name in the table, if it differs. */
  readonly shown?: string
  readonly rule: StopRule
  readonly probability: number
  readonly max?: number
  readonly rows?: readonly string[]
  /** For Wald's test: the side on which the probability lies. */
  readonly side?: 'above' | 'below'
}

/** Applies a stopping rule repeatedly, and checks whether the interval of each finished cell is correct. */
function stopping({ name, shown = name, rule, probability, max = 20_000, side }: Stopping): Experiment {
  const until: Until = { rules: [rule], confidence: 0.95, min: 100, max }
  return {
    name: `stopping rule: ${shown}`,
    rows: side === undefined ? ['interval of the finished cell'] : ['decision: above or below'],
    level: 0.95,
    async begin(seeds) {
      const chain = await chainOf({ seed: seeds.cell(name), probability })
      return (replicate): readonly Held[] => {
        const ended = ranUntil(chain, until, replicate * max)
        return [side === undefined ? within(ended.estimate, probability) : ended.side === side]
      }
    },
  }
}

const of = { estimate: 'escape' } as const
export const stoppings: readonly Experiment[] = [
  { name: 'relative 0.2', rule: { rule: 'relative', ...of, relative: 0.2 } as const, probability: 0.2 },
  { name: 'halfWidth 0.03', rule: { rule: 'halfWidth', ...of, halfWidth: 0.03 } as const, probability: 0.2 },
  { name: 'events 100', rule: { rule: 'events', ...of, events: 100 } as const, probability: 0.2 },
  { name: 'gbas 0.2', rule: { rule: 'gbas', ...of, relative: 0.2 } as const, probability: 0.2 },
  {
    name: 'events in vain',
    shown: 'events 420, maximum number of trials often reached first',
    rule: { rule: 'events', ...of, events: 420 } as const,
    probability: 0.2,
    max: 2000,
  },
  {
    name: 'gbas in vain or not',
    shown: 'gbas 0.2, maximum number of trials sometimes reached first',
    rule: { rule: 'gbas', ...of, relative: 0.2 } as const,
    probability: 0.05,
    max: 2000,
  },
  // The probability is at the edge of the region of indifference, where the test errs most often.
  {
    name: 'above 0.2, p = 0.24',
    rule: { rule: 'above', ...of, above: 0.2, indifference: 0.2 } as const,
    probability: 0.24,
    side: 'above' as const,
  },
  {
    name: 'above 0.2, p = 0.16',
    rule: { rule: 'above', ...of, above: 0.2, indifference: 0.2 } as const,
    probability: 0.16,
    side: 'below' as const,
  },
].map(stopping)
