import { ends, type Outcome, type RecordLayout, type Tally } from '@driftfarm/kernel'
import { printEstimate } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import type { EstimateEntry, Evidence } from '../evidence/evidence.ts'
import { probability } from '../evidence/probability.ts'

/**
 * The names of all combinations of escape, end and settling, such as `joint:unescaped,converged,left`. The `joint`
 * of a tally refers to a combination by the index of its name in this list.
 */
export function jointNames(layout: RecordLayout): string[] {
  // `none` stands for a trial that settled in no minimum; `-` replaces it if a minimum has the name `none`.
  const settles = [layout.minima.includes('none') ? '-' : 'none', ...layout.minima, 'other']
  return ['unescaped', 'escaped'].flatMap((escape) =>
    ends.flatMap((end) =>
      settles.map((settled) => printEstimate({ kind: 'joint', name: `${escape},${end},${settled}` })),
    ),
  )
}

export function countWhere(
  { joint }: Pick<Tally, 'joint'>,
  { minima }: RecordLayout,
  wanted: (combination: { readonly escaped: boolean; readonly end: Outcome['end'] }) => boolean,
): number {
  const settles = minima.length + 2
  return joint!
    .filter(([place]) => wanted({ escaped: place >= 4 * settles, end: ends[Math.floor(place / settles) % 4]! }))
    .reduce((sum, [, count]) => sum + count, 0)
}

function estimates({ tally: { joint, trials }, layout, guard }: Evidence): Record<string, Estimate> {
  const names = jointNames(layout)
  const named = joint!.map(([place, events]) => [names[place]!, events] as const)
  return Object.fromEntries(named.map(([of, events]) => [of, probability({ of, events, trials, guard })]))
}

export const joint: EstimateEntry = {
  make: (name, evidence) => estimates(evidence)[printEstimate(name)] ?? null,
  makeAll: estimates,
  fit: 'binomial',
}
