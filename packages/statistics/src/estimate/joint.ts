import type { RecordLayout, Tally } from '@driftfarm/kernel'

type Joint = NonNullable<Tally['joint']>

const endNames = ['escaped', 'converged', 'diverged', 'undecided'] as const
/** Places in a tally's ends. */
export const converged = 1
export const diverged = 2

/** Names of all combinations by place in `joint`: `joint:unescaped,converged,left`. */
export function jointNames(layout: RecordLayout): string[] {
  // A minimum may have that name.
  const settles = [layout.minima.includes('none') ? '-' : 'none', ...layout.minima, 'other']
  return ['unescaped', 'escaped'].flatMap((escape) =>
    endNames.flatMap((end) => settles.map((settled) => `joint:${escape},${end},${settled}`)),
  )
}

/** Trials of the combinations that are wanted. */
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
