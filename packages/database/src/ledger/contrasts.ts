import { type ComparedCells, type ContrastEstimate, contrastOf, independent, pairsOf } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { bitsOf } from './bits.ts'
import { driven } from './driven.ts'
import { requireLeadership } from './leadership.ts'
import { type SweepHead, tallyOf, type WholePrefix } from './prefixes.ts'

/** A contrast of an ended sweep, between two of its cells. */
export interface ContrastRow {
  /** Among the contrasts of the demand. */
  readonly place: number
  /** Indices of the cells. */
  readonly first: number
  readonly second: number
  readonly estimate: ContrastEstimate
}

/** Whether a sweep that is worked on has contrasts and no open cell any more: then they are to be made, before it may end. */
export async function contrastsDue({ pool }: Database, sweepId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from farm.sweep s where s.id = $1 and ${driven('s')} and s.demand -> 'contrasts' <> '[]'
        and not exists (select from farm.demand d where d.sweep_id = s.id and d.state = 'open')`,
    [sweepId],
  )
  return rowCount === 1
}

/** A contrast from the merged prefixes of its two cells; null while one of them has no trials. `contrasts`: all of the sweep. */
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

/** Null is what `ContrastEstimate` leaves out or calls null; numbers that JSON has not come as text. */
interface Row {
  readonly place: number
  readonly first: number
  readonly second: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  readonly method: string
  readonly simultaneous: number | null
  readonly both_had: number | null
  readonly first_had: number | null
  readonly second_had: number | null
  readonly neither_had: number | null
  readonly p_value: number | null
}

/** In the order of the demand, then of the cells. */
export async function storedContrasts({ pool }: Database, sweepId: string): Promise<ContrastRow[]> {
  const { rows } = await pool.query<Row>(
    `select place, "first", second, value, low, high, confidence, method, simultaneous, both_had, first_had, second_had, neither_had, p_value
       from farm.contrast where sweep_id = $1 order by place, "first", second`,
    [sweepId],
  )
  return rows.map(({ place, first, second, both_had, first_had, second_had, neither_had, p_value, ...row }) => {
    const { value, low, high, confidence, method, simultaneous } = row
    const paired =
      both_had === null
        ? null
        : { both: both_had, first: first_had ?? 0, second: second_had ?? 0, neither: neither_had ?? 0 }
    const estimate = { value, low, high, confidence, method, paired, pValue: p_value }
    return { place, first, second, estimate: simultaneous === null ? estimate : { ...estimate, simultaneous } }
  })
}

/** Writes contrasts of a sweep none of whose cells is open; of one that was asked for something else meanwhile, nothing. */
export async function insertContrasts(
  database: Database,
  epoch: number,
  sweepId: string,
  contrasts: readonly ContrastRow[],
): Promise<void> {
  await database.transaction(async (client) => {
    await requireLeadership(client, epoch)
    const { rowCount } = await client.query(
      `select from farm.sweep s where s.id = $1 and ${driven('s')}
          and not exists (select from farm.demand d where d.sweep_id = s.id and d.state = 'open') for no key update of s`,
      [sweepId],
    )
    if (rowCount === 0) return
    const rows = contrasts.map(({ place, first, second, estimate: { paired, pValue, simultaneous, ...rest } }) => ({
      place,
      first,
      second,
      ...rest,
      simultaneous: simultaneous ?? null,
      both_had: paired?.both ?? null,
      first_had: paired?.first ?? null,
      second_had: paired?.second ?? null,
      neither_had: paired?.neither ?? null,
      p_value: pValue,
    }))
    await client.query(
      `insert into farm.contrast (sweep_id, place, "first", second, value, low, high, confidence, method, simultaneous, both_had, first_had, second_had, neither_had, p_value)
       select $1, u.* from jsonb_to_recordset($2::jsonb) u (place int, "first" int, second int, value double precision, low double precision,
              high double precision, confidence double precision, method text, simultaneous int, both_had bigint, first_had bigint,
              second_had bigint, neither_had bigint, p_value double precision)
       on conflict do nothing`,
      [sweepId, JSON.stringify(rows, finite)],
    )
  })
}

/** NaN and infinities as text: JSON would make them null. */
const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
