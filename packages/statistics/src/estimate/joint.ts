import type { RecordLayout, Tally } from '@driftfarm/kernel'
import { printEstimate } from '@driftfarm/spec'
import type { Entry } from './entry.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'
import { probability } from './probability.ts'

type Joint = NonNullable<Tally['joint']>

const endNames = ['escaped', 'converged', 'diverged', 'undecided'] as const
/** Indices into the `ends` of a tally. */
export const converged = 1
export const diverged = 2

/**
 * The names of all combinations of escape, end and settling, such as `joint:unescaped,converged,left`. The `joint`
 * of a tally refers to a combination by the index of its name in this list.
 */
export function jointNames(layout: RecordLayout): string[] {
  // `none` stands for a trial that settled in no minimum; `-` replaces it if a minimum has the name `none`.
  const settles = [layout.minima.includes('none') ? '-' : 'none', ...layout.minima, 'other']
  return ['unescaped', 'escaped'].flatMap((escape) =>
    endNames.flatMap((end) =>
      settles.map((settled) => printEstimate({ kind: 'joint', name: `${escape},${end},${settled}` })),
    ),
  )
}

export function countWhere(
  joint: Joint,
  { minima }: RecordLayout,
  wanted: (escaped: boolean, end: number) => boolean,
): number {
  const settles = minima.length + 2
  return joint
    .filter(([place]) => wanted(place >= 4 * settles, Math.floor(place / settles) % 4))
    .reduce((sum, [, count]) => sum + count, 0)
}

function estimates({ tally: { joint = [], trials }, layout, guard }: Evidence): Record<string, Estimate> {
  const names = jointNames(layout)
  const named = joint.map(([place, events]) => [names[place]!, events] as const)
  return Object.fromEntries(named.map(([of, events]) => [of, probability({ of, events, trials, guard })]))
}

export const joint: Entry = {
  make: (name, evidence) => estimates(evidence)[printEstimate(name)] ?? null,
  makeAll: estimates,
  isIn: (_, tally) => tally.joint !== undefined,
  fit: 'binomial',
}
