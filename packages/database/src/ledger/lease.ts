import { type BatchState, batchStates, type RecordRule, talliedHorizons } from '@driftfarm/spec'
import { premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { type BatchModel, type CellModel, type Columns, columns } from '../rows.ts'
import { bitsWanted } from './bitsWanted.ts'
import { driven, wants } from './driven.ts'
import { limits } from './limits.ts'
import { premisesWanted } from './premises.ts'
import { union } from './recordRule.ts'
import type { BatchJob, Cut, Lease, Refusal } from './workLedger.ts'

interface Row
  extends Columns<
      BatchModel,
      'state' | 'count' | 'generation' | 'failures' | 'vanished' | 'cut' | 'record' | 'bits',
      { state: BatchState; cut: Cut | null; record: RecordRule | null }
    >,
    Columns<CellModel, 'canonical' | 'dataHash' | 'secondsPerTrial'> {
  readonly horizons: readonly number[] | null
  readonly premises: boolean
  readonly wanted: readonly Wanted[] | null
}

interface Wanted {
  readonly driven: boolean
  readonly record: RecordRule
  readonly horizons: readonly number[]
  readonly rateAfter: number | null
  readonly bits: readonly string[]
}

const select = `
  select ${columns<BatchModel>('b', 'state', 'count', 'generation', 'failures', 'vanished', 'cut', 'record', 'bits')},
         (select jsonb_agg(h -> 'horizon') from jsonb_array_elements(b.tally -> 'horizons') h) as horizons,
         ${columns<CellModel>('c', 'canonical', 'dataHash', 'secondsPerTrial')},
         ${premisesWanted('b', '$3')} as premises,
         (select jsonb_agg(distinct jsonb_build_object(
                   'driven', ${driven('s')}, 'record', s.demand -> 'record', 'horizons', s.demand -> 'horizons',
                   'rateAfter', s.demand -> 'rateAfter', 'bits', ${bitsWanted('d', 's', 'c')}))
            from farm.demand d join farm.sweep s on s.id = d.sweep_id
           where d.cell_id = b.cell_id and ${wants('d', 's', 'b.first')}
             and (s.state = 'paused' or ${driven('s')})) as wanted
    from farm.batch b join farm.cell c on c.id = b.cell_id
   where b.cell_id = $1 and b.first = $2
     for update of b`

/** Leases the batch of a job. A job of any generation may run while its batch is not done: the first commit counts. */
export function lease(database: Database, job: BatchJob, workerId: string): Promise<Lease | Refusal> {
  return database.transaction(
    async (client) => {
      const { rows } = await client.query<Row>(select, [job.cell, job.first, premisesVersion])
      const row = rows[0]
      if (row === undefined) return { refused: 'gone' }
      if (!batchStates[row.state].out) return { refused: 'done' }
      if (row.count !== job.count) return { refused: 'superseded' }
      const wanted = row.wanted ?? []
      const live = wanted.filter((each) => each.driven)
      if (live.length === 0) {
        await handBack(client, job)
        return { refused: wanted.length > 0 ? 'paused' : 'gone' }
      }
      await take(client, job, workerId)
      return leaseOf(job, row, live)
    },
    { retry: true },
  )
}

function leaseOf(job: BatchJob, row: Row, live: readonly Wanted[]): Lease {
  const { first, count } = job
  // Rows, horizons and event bits that are stored already must be computed again too, since another sweep may use them.
  const tallied = ({ horizons, rateAfter }: Wanted) => talliedHorizons({ horizons, rateAfter: rateAfter ?? 0 })
  const horizons = new Set([...(row.horizons ?? []), ...live.flatMap(tallied)])
  return {
    job,
    generation: row.generation,
    canonical: row.canonical,
    data: row.dataHash,
    first,
    count,
    attempt: row.failures + row.vanished + 1,
    alone: row.failures >= limits.failuresBeforeAlone || row.vanished >= limits.vanishedBeforeAlone,
    record: live.reduce((rule, each) => union(rule, each.record), row.record ?? { kind: 'none' }),
    horizons: [...horizons].sort((a, b) => a - b),
    bits: [...new Set([...row.bits, ...live.flatMap((each) => each.bits)])].sort(),
    secondsPerTrial: row.secondsPerTrial,
    cut: row.cut,
    premises: row.premises,
  }
}

async function take(client: pg.PoolClient, { cell, first }: BatchJob, workerId: string): Promise<void> {
  await client.query(
    `update farm.batch set state = 'leased', attempts = attempts + 1, worker_id = $3, started_at = now()
      where cell_id = $1 and first = $2`,
    [cell, first, workerId],
  )
}

/**
 * Removes the claim of a job on its batch. The job leaves the queue now, and the batch gets a new one as soon as a
 * sweep wants it.
 */
async function handBack(client: pg.PoolClient, { cell, first }: BatchJob): Promise<void> {
  await client.query(
    `update farm.batch set fed_at = null, generation = generation + 1
      where cell_id = $1 and first = $2 and state = 'ready'`,
    [cell, first],
  )
}
