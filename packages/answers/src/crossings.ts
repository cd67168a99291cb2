import type { SweepHead } from '@driftfarm/database'
import type { CellResult, CrossingResult } from '@driftfarm/report'
import type { Searched } from '@driftfarm/spec'
import { crossingsOf, type VisitedPoint } from '@driftfarm/statistics'

/**
 * Finds the crossings of a threshold search on each line of the grid. The points of a line differ only in the setting
 * that is searched (`over`). Cells must be added in order, because only the points of the current line are in memory.
 */
export function gatheredCrossings({ demand }: SweepHead, { points: grid, path }: Searched) {
  const { rules, confidence } = demand.until!
  const [rule] = rules
  if (rule?.rule !== 'threshold') throw new TypeError('a search needs a `threshold` rule')
  const { estimate, equals } = rule
  const found: CrossingResult[] = []
  let line = -1
  let others: CellResult['params'] = {}
  let points: (VisitedPoint & { readonly index: number; readonly trials: bigint })[] = []

  const endLine = (): void => {
    const [first, last] = [points[0], points.at(-1)]
    // The range and the spacing of a line are known only if at least two of its points were visited.
    if (first === undefined || last === undefined || first.place === last.place) return
    const { crossings, isLocated, ...search } = crossingsOf(points, equals)
    const indexAt = new Map(points.map(({ at, index }) => [at, index]))
    found.push({
      params: others,
      estimate,
      equals,
      over: path,
      from: first.at,
      to: last.at,
      step: (last.at - first.at) / (last.place - first.place),
      found: search.found,
      crossings: crossings.map((crossing) => {
        return { ...crossing, cells: [indexAt.get(crossing.low)!, indexAt.get(crossing.high)!] }
      }),
      side: search.side,
      located: isLocated,
      points: points.length,
      grid,
      trials: String(points.reduce((sum, { trials }) => sum + trials, 0n)),
      confidence,
    })
  }
  return {
    add({ index, params, trials, estimates, stopped }: CellResult): void {
      const current = Math.floor(index / grid)
      if (current !== line) {
        endLine()
        points = []
      }
      line = current
      const own = estimates[estimate]
      const { [path]: at, ...rest } = params
      others = rest
      if (own === undefined) return
      const side = stopped?.rule === 'threshold' ? stopped.decision : 'undecided'
      points.push({ index, place: index % grid, at: Number(at), estimate: own.value, side, trials: BigInt(trials) })
    },
    /** Must be called once, after all cells. */
    all(): readonly CrossingResult[] {
      endLine()
      return found
    },
  }
}
