import { canonicalJson } from '@driftfarm/spec'
import { type ComparedCells, comparedCells } from '@driftfarm/statistics'
import { type ReadSource, type SweepHead, type WholePrefix, wholePages } from './prefixes.ts'
import { type CellPlace, placesOf } from './sweepCells.ts'

/**
 * Collects the pairs of cells that the contrasts of a sweep compare. A contrast compares values of one setting. Cells
 * that have none of the compared values are ignored.
 */
export class ComparedInSweep {
  readonly #head: SweepHead
  readonly #sides: readonly { readonly path: string; readonly values: ReadonlySet<string> }[]
  readonly #cells: CellPlace[] = []

  constructor(head: SweepHead) {
    this.#head = head
    this.#sides = head.demand.contrasts.map(({ path, between }) => ({
      path,
      values: new Set(between.map(canonicalJson)),
    }))
  }

  observe({ index, id, params, state }: CellPlace): void {
    if (this.#sides.some(({ path, values }) => values.has(canonicalJson(params[path]))))
      this.#cells.push({ index, id, params, state })
  }

  /** Call `pairs` after `observe` has been called for all cells. */
  pairs(): readonly ComparedCells<CellPlace>[] {
    return comparedCells(this.#head.demand.contrasts, this.#cells)
  }
}

/** All pairs of cells that the contrasts of a sweep compare. The cells are read without their data. */
export async function pairsOfSweep(reading: ReadSource, head: SweepHead): Promise<readonly ComparedCells<CellPlace>[]> {
  const compared = new ComparedInSweep(head)
  for await (const page of placesOf(reading, head)) for (const cell of page) compared.observe(cell)
  return compared.pairs()
}

/** At most this many pairs are in memory at a time, with the histograms of their cells. */
const pairsAtATime = 50

/** The given pairs of cells, with all data that contrasts need. */
export async function* wholePairs(
  reading: ReadSource,
  head: SweepHead,
  pairs: readonly ComparedCells<CellPlace>[],
): AsyncGenerator<ComparedCells<WholePrefix>> {
  for (let at = 0; at < pairs.length; at += pairsAtATime) {
    const some = pairs.slice(at, at + pairsAtATime)
    const whole = new Map<number, WholePrefix>()
    const indices = [...new Set(some.flatMap(({ first, second }) => [first.index, second.index]))]
    for await (const page of wholePages(reading, head, indices)) for (const cell of page) whole.set(cell.index, cell)
    for (const { place, first, second } of some)
      yield { place, first: whole.get(first.index)!, second: whole.get(second.index)! }
  }
}
