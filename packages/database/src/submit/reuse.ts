import { type ComputedData, maxSources, type ReusedData } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'
import type pg from 'pg'
import { chosenAfterInterimLook, endCriteriaOf, gaplessTrials } from './endCriterion.ts'

/** At most this many of the sweeps that contain a cell are counted. */
const maxSweepsOfCell = 32

/** A stored cell of a sweep with its requested trials that are stored. */
interface Found {
  readonly index: number
  /** All finished trials before the first gap. */
  readonly done: number
  /** Those of them that the sweep requests. */
  readonly trials: number
  readonly isComplete: boolean
  readonly extended: boolean
  readonly sweeps: readonly string[]
}

/** Collects the trials of a sweep that are already stored, because other sweeps have the same cells. */
export class Reuse {
  readonly #counts = { cells: 0, trials: 0n, extended: 0, complete: 0 }
  /** Number of reused cells by the id of the sweep that requested their trials. */
  readonly #sweeps = new Map<string, number>()
  readonly #settings: readonly unknown[]

  constructor(
    private readonly client: Pick<pg.PoolClient, 'query'>,
    private readonly sweep: Pick<Sweep, 'cellCount' | 'demand' | 'identity' | 'maxTrials'>,
  ) {
    const { id, plan } = sweep.identity()
    this.#settings = [...endCriteriaOf(sweep.demand), id, JSON.stringify(sweep.demand), plan]
  }

  /** Looks for the cells with these ids and indices. Cells that are not stored are left out of the answer. */
  async find(ids: readonly string[], indices: readonly number[]): Promise<readonly Found[]> {
    const { rows } = await this.client.query<Found>(
      `select u.index, t.done, least(t.done, e.most) as trials, t.done >= e.most as "isComplete",
              ${chosenAfterInterimLook({ cell: 'u.id', ending: 'e', sweep: 's' })} as extended,
              array(select x.sweep_id from (
                      select * from farm.request where request.cell_id = u.id limit ${maxSweepsOfCell}) x
                     where x.trials > 0) as sweeps
         from unnest($1::text[], $2::int[]) u (id, index)
         cross join lateral (select c.method from farm.cell c where c.id = u.id limit 1) c
         join (select *, coalesce(trials, (until ->> 'max')::bigint) as most
                 from unnest($3::text[], $4::bigint[], $5::jsonb[]) x (method, trials, until)) e on e.method = c.method
         cross join lateral (select ${gaplessTrials('u.id')} as done offset 0) t
         cross join (select $6::text as id, $7::jsonb as demand, $8::text as plan) s`,
      [ids, indices, ...this.#settings],
    )
    for (const { trials, isComplete, extended, sweeps } of rows) {
      if (extended) this.#counts.extended++
      if (isComplete) this.#counts.complete++
      if (trials === 0) continue
      this.#counts.cells++
      this.#counts.trials += BigInt(trials)
      for (const sweep of sweeps) this.#sweeps.set(sweep, (this.#sweeps.get(sweep) ?? 0) + 1)
    }
    return rows
  }

  /** What is left to compute, once all cells have been looked for. */
  get missing(): ComputedData {
    const { complete, trials } = this.#counts
    const cells = this.sweep.cellCount - complete
    // A budget of the whole sweep may be less than what its cells have.
    const left = cells === 0 || trials > this.sweep.maxTrials ? 0n : this.sweep.maxTrials - trials
    return { cells, trials: String(left) }
  }

  /** Null if nothing is reused. */
  async reused(): Promise<ReusedData | null> {
    const { cells, trials, extended } = this.#counts
    if (cells === 0 && extended === 0) return null
    const { rows } = await this.client.query<NonNullable<ReusedData['from']>['sweeps'][number]>(
      `select s.id, s.name from unnest($1::text[], $2::int[]) u (id, cells) join farm.sweep s on s.id = u.id
        order by u.cells desc, s.submitted_at limit ${maxSources}`,
      [[...this.#sweeps.keys()], [...this.#sweeps.values()]],
    )
    const count = this.#sweeps.size
    return { cells, trials: String(trials), extended, ...(count > 0 && { from: { count, sweeps: rows } }) }
  }
}
