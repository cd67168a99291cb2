import type { SearchRound, VisitedCell } from '@driftfarm/database'
import type { Searched } from '@driftfarm/spec'
import { bracketsOf, nextPlaces, type ThresholdSide } from '@driftfarm/statistics'

/**
 * One round of the search for one threshold on each line of a sweep. A line consists of the cells that differ only in
 * the searched value. `cells` is the number of cells of the sweep. The function is pure, so the same cells are visited
 * for any number of workers and any order of completion. A cell whose trials failed gives no information, just like an
 * undecided cell.
 */
export function searchRound(visited: readonly VisitedCell[], searched: Searched, cells: number): SearchRound {
  const { points } = searched
  const lines = Array.from({ length: cells / points }, () => new Map<number, ThresholdSide | 'open'>())
  for (const { index, state, decision } of visited)
    lines[Math.floor(index / points)]!.set(index % points, state === 'open' ? 'open' : (decision ?? 'undecided'))
  const visit = lines.flatMap((line, i) => nextPlaces(searched, line).map((place) => i * points + place))
  const unmet = lines.filter((line) => !isLocated(line)).length
  return { visit, waits: visited.some(({ state }) => state === 'open'), unmet }
}

function isLocated(line: ReadonlyMap<number, ThresholdSide | 'open'>): boolean {
  const visited = [...line].map(([place, side]) => ({ place, side: side === 'open' ? ('undecided' as const) : side }))
  return bracketsOf(visited.sort((a, b) => a.place - b.place)).isLocated
}
