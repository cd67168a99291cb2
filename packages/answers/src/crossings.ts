import type { SweepHead } from '@driftfarm/database'
import type { CellResult, CrossingResult } from '@driftfarm/report'
import type { Searched } from '@driftfarm/spec'
import { crossingsOf, type VisitedPoint } from '@driftfarm/statistics'

interface Point extends VisitedPoint {
  readonly index: number
  readonly trials: bigint
}

/**
 * Finds the crossings of a threshold search on each line of the grid. The points of a line differ only in the setting
 * that is searched (`over`). Cells must be added in order, because only the points of the current line are in memory.
 */
export class GatheredCrossings {
  readonly #head: SweepHead
  readonly #searched: Searched
  readonly #found: CrossingResult[] = []
  #line = -1
  #params: CellResult['params'] = {}
  #points: Point[] = []

  constructor(head: SweepHead, searched: Searched) {
    this.#head = head
    this.#searched = searched
  }

  add({
    index,
    params,
    trials,
    estimates,
    stopped,
  }: Pick<CellResult, 'index' | 'params' | 'trials' | 'estimates' | 'stopped'>) {
    const { points, path } = this.#searched
    const line = Math.floor(index / points)
    if (line !== this.#line) this.#endLine()
    this.#line = line
    const estimate = estimates[this.#rule.estimate]
    const { [path]: at, ...others } = params
    this.#params = others
    if (estimate === undefined) return
    const side = stopped?.rule === 'threshold' ? stopped.decision : 'undecided'
    const point = {
      index,
      place: index % points,
      at: Number(at),
      estimate: estimate.value,
      side,
      trials: BigInt(trials),
    }
    this.#points.push(point)
  }

  all(): readonly CrossingResult[] {
    this.#endLine()
    return this.#found
  }

  get #rule() {
    const [rule] = this.#head.demand.until!.rules
    if (rule?.rule !== 'threshold') throw new TypeError('a search needs a `threshold` rule')
    return rule
  }

  #endLine(): void {
    const points = this.#points
    this.#points = []
    const [first, last] = [points[0], points.at(-1)]
    // The range and the spacing of a line are known only if at least two of its points were visited.
    if (first === undefined || last === undefined || first.place === last.place) return
    const { estimate, equals } = this.#rule
    const { found, crossings, side, isLocated } = crossingsOf(points, equals)
    const indexAt = new Map(points.map(({ at, index }) => [at, index]))
    this.#found.push({
      params: this.#params,
      estimate,
      equals,
      over: this.#searched.path,
      from: first.at,
      to: last.at,
      step: (last.at - first.at) / (last.place - first.place),
      found,
      crossings: crossings.map(({ value, low, high, direction }) => ({
        value,
        low,
        high,
        direction,
        cells: [indexAt.get(low)!, indexAt.get(high)!],
      })),
      side,
      located: isLocated,
      points: points.length,
      grid: this.#searched.points,
      trials: String(points.reduce((sum, { trials }) => sum + trials, 0n)),
      confidence: this.#head.demand.until!.confidence,
    })
  }
}
