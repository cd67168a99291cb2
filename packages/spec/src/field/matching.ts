import type { Landscape } from '../cell.ts'

/** The matching of a layer takes about a second for this number of units. */
const largestMatched = 1024

/** Why the units of a landscape cannot be matched; null if they can. */
export function unmatchable(landscape: Landscape): string | null {
  if (landscape.kind === 'formula') return 'only the units of a network can be matched'
  const widths = landscape.kind === 'population' ? [landscape.neurons] : landscape.layers.slice(1, -1)
  const most = Math.max(0, ...widths)
  return most <= largestMatched
    ? null
    : `a layer of ${most} units takes too long to match, at most ${largestMatched} can be`
}
