import { finiteJson } from '@driftfarm/formula'
import {
  type ComparedCells,
  type ContrastEstimate,
  comparedCells,
  contrastOf,
  independent,
  pairsOf,
} from '@driftfarm/statistics'
import { type Database, lookUp, type ReadSource } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { schedulable } from '../ledger/conditions.ts'
import { asLeader } from '../ledger/leadership.ts'
import { bitsOf } from '../ledger/recorded.ts'
import { type Columns, columns } from '../ledger/rows.ts'
import { type CellPlace, placesOf } from '../read/cells.ts'
import { type SweepHead, tallyOf, type WholePrefix, wholePages } from '../read/prefixes.ts'

/** Collects the cells of a sweep, without their data, if the sweep has contrasts that may compare them. */
export class ComparedInSweep {
  readonly #contrasts: SweepHead['demand']['contrasts']
  readonly #cells: CellPlace[] = []

  constructor({ demand }: SweepHead) {
    this.#contrasts = demand.contrasts
  }

  observe({ index, id, params, state }: CellPlace): void {
    if (this.#contrasts.length > 0) this.#cells.push({ index, id, params, state })
  }

  /** Call `pairs` after `observe` has been called for all cells. */
  pairs(): readonly ComparedCells<CellPlace>[] {
    return comparedCells(this.#contrasts, this.#cells)
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

/** The estimate of a contrast, with its index in the request and the indices of the two cells. */
export interface ContrastRow extends Columns<'Contrast', 'place' | 'first' | 'second'> {
  readonly estimate: ContrastEstimate
}

const ready = `s.id = $1 and ${schedulable('s')} and s.open = 0`

/**
 * Whether a live sweep has contrasts and no open cells. If so, the contrasts must be computed before the sweep may end.
 */
export async function contrastsDue({ pool }: Database, sweepId: string): Promise<boolean> {
  const { rowCount } = await lookUp(pool, withContrasts, [sweepId])
  return rowCount === 1
}

const withContrasts = prepared(`select from farm.sweep s where ${ready} and s.demand -> 'contrasts' <> '[]'`)

/**
 * Computes a contrast from the merged prefixes of its two cells; null while one of the cells has no trials. `contrasts`
 * is the number of contrasts in the sweep.
 */
export async function contrastNow(
  database: Database,
  { demand }: SweepHead,
  { place, first, second }: ComparedCells<WholePrefix>,
  contrasts: number,
): Promise<ContrastRow | null> {
  if (first.trials === 0 || second.trials === 0) return null
  const contrast = demand.contrasts[place]!
  const sides = [sideOf(first), sideOf(second)] as const
  const pairs = await pairsOf(contrast.of, sides, (cell, trials) => bitsOf(database, cell, contrast.of, trials))
  const apart = { independent: independent(first, second), pairs, contrasts }
  return { place, first: first.index, second: second.index, estimate: contrastOf(contrast, sides, demand, apart) }
}

const sideOf = (prefix: WholePrefix) => ({ ...prefix, tally: tallyOf(prefix) })

/** The stored contrasts, ordered as in the request, then by cell. */
export async function storedContrasts({ pool }: Database, sweepId: string): Promise<ContrastRow[]> {
  const { rows } = await pool.query<ContrastRow>(
    `select ${columns<'Contrast'>('c', 'place', 'first', 'second', 'estimate')} from farm.contrast c
      where c.sweep_id = $1 order by c.place, c."first", c.second`,
    [sweepId],
  )
  // NaN and infinities are stored as text.
  return rows.map(({ estimate, ...row }) => {
    const { value, low, high } = estimate
    return { ...row, estimate: { ...estimate, value: Number(value), low: Number(low), high: Number(high) } }
  })
}

/**
 * Stores the contrasts of a sweep. Does nothing if the sweep is no longer live, its `run` process is gone, or it has
 * open cells again because its request has changed.
 */
export async function insertContrasts(
  database: Database,
  epoch: number,
  sweepId: string,
  contrasts: readonly ContrastRow[],
): Promise<void> {
  await asLeader(database, epoch, async (client) => {
    const { rowCount } = await client.query(`select from farm.sweep s where ${ready} for no key update of s`, [sweepId])
    if (rowCount === 0) return
    await client.query(
      `insert into farm.contrast (sweep_id, place, "first", second, estimate)
       select $1, u.* from json_to_recordset($2::json) u (place int, "first" int, second int, estimate json)
       on conflict do nothing`,
      [sweepId, finiteJson(contrasts)],
    )
  })
}
