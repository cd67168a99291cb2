import { finiteJson } from '@driftfarm/formula'
import type { Demand } from '@driftfarm/spec'
import type pg from 'pg'
import { type Database, lookUp } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { schedulable } from '../ledger/conditions.ts'
import { leadingEstimate, widestIntervalNow } from '../ledger/counters.ts'
import { asLeader } from '../ledger/leadership.ts'
import type { Columns } from '../ledger/rows.ts'
import { invariants } from '../read/invariants.ts'

/**
 * Ends a sweep that has no open requests. The sweep ends as incomplete, with the reason, if batches were given up or if
 * invariant I1, I2 or I4 is violated; otherwise as complete. Returns null if the sweep has open requests or is not
 * schedulable. The invariants are checked before anything is locked, because the check takes seconds for a large sweep.
 * If the sweep has changed during the check, the invariants are checked again.
 */
export async function finishSweep(
  database: Database,
  epoch: number,
  sweepId: string,
): Promise<'complete' | 'incomplete' | null> {
  for (;;) {
    const seen = await settledOf(database.pool, sweepId)
    if (seen === null) return null
    const { pool } = database
    const reason = seen.failed > 0 ? await failures(pool, sweepId) : await violations(pool, sweepId)
    const state = reason === null ? 'complete' : 'incomplete'
    const worst = await widestIntervalNow(pool, sweepId, leadingEstimate(seen.demand))
    const isEnded = await asLeader(database, epoch, async (client) => {
      const now = await settledOf(client, sweepId, 'for no key update')
      if (now?.version !== seen.version) return false
      await client.query(
        'update farm.sweep set state = $2, reason = $3, worst = $4, finished_at = now() where id = $1',
        [sweepId, state, reason, finiteJson(worst)],
      )
      return true
    })
    if (isEnded) return state
  }
}

type Client = pg.Pool | pg.PoolClient

/** Null if the sweep has open requests or is not schedulable. `version` changes whenever the row changes. */
async function settledOf(client: Client, sweepId: string, lock = '') {
  const statement = prepared(`
    select s.failed, s.demand, s.xmin::text as version from farm.sweep s
     where s.id = $1 and s.open = 0 and ${schedulable('s')} ${lock}`)
  const { rows } = await lookUp<Columns<'Sweep', 'failed' | 'demand', { demand: Demand }> & { version: string }>(
    client,
    statement,
    [sweepId],
  )
  return rows[0] ?? null
}

async function violations(pool: pg.Pool, sweepId: string): Promise<string | null> {
  const found = Object.entries(await invariants({ pool }, sweepId, { lanes: 2 }))
  const [first] = found.flatMap(([name, texts]: [string, string[]]) => texts.map((text) => `${name} ${text}`))
  return first === undefined ? null : `invariant violated: ${first}`
}

async function failures(client: Client, sweepId: string): Promise<string> {
  const { rows } = await client.query<{ text: string; number: number; message: string | null }>(
    `select format('cell %s, trials %s to %s', d.index, b.first, b.first + b.count - 1) as text,
            count(*) over ()::int as number,
            (select f.kind || ': ' || f.message from farm.failure f
              where f.cell_id = b.cell_id and f.first = b.first order by f.id desc limit 1) as message
       from farm.request d join farm.pending b on b.cell_id = d.cell_id and b.state = 'failed'
      where d.sweep_id = $1 and d.state = 'failed' order by d.index, b.first limit 3`,
    [sweepId],
  )
  const number = rows[0]?.number ?? 0
  const named = rows.map(({ text }) => text).join('; ')
  const of = number === 1 ? '' : 'first batch: '
  return (
    `${number} failed batch${number === 1 ? '' : 'es'}: ` +
    `${named}${number > 3 ? '; ...' : ''}${rows[0]?.message ? ` (${of}${rows[0].message.slice(0, 300)})` : ''}`
  )
}

/**
 * Ends a sweep as incomplete because it cannot be completed. Its finished trials are kept, and `retry` repeats the step
 * that failed.
 */
export async function giveUpSweep(database: Database, epoch: number, sweepId: string, reason: string): Promise<void> {
  await asLeader(database, epoch, async (client) => {
    await client.query(
      `update farm.sweep s set state = 'incomplete', reason = $2, finished_at = now()
        where s.id = $1 and ${schedulable('s')}`,
      [sweepId, reason],
    )
  })
}
