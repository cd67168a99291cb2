import type { Database } from '../database.ts'
import type { Columns, SweepModel } from '../rows.ts'
import { driven } from './driven.ts'
import { checkInvariants } from './invariants.ts'
import { leading } from './leadership.ts'

/**
 * Ends a sweep without open demands: complete if the invariants I1, I2 and I4 hold, else incomplete with the reason.
 * Null while there is something left to do.
 */
export async function finishSweep(
  database: Database,
  epoch: number,
  sweepId: string,
): Promise<'complete' | 'incomplete' | null> {
  return leading(database, epoch, async (client) => {
    const { rows } = await client.query<Columns<SweepModel, 'open' | 'failed'>>(
      `select s.open, s.failed from farm.sweep s where s.id = $1 and ${driven('s')} for no key update`,
      [sweepId],
    )
    const [sweep] = rows
    if (sweep === undefined || sweep.open > 0) return null
    const reason = sweep.failed > 0 ? await failures(client, sweepId) : await violations(client, sweepId)
    const state = reason === null ? 'complete' : 'incomplete'
    await client.query('update farm.sweep set state = $2, reason = $3, finished_at = now() where id = $1', [
      sweepId,
      state,
      reason,
    ])
    return state
  })
}

type Client = Parameters<typeof checkInvariants>[0]

async function violations(client: Client, sweepId: string): Promise<string | null> {
  const { I1, I2, I4 } = await checkInvariants(client, sweepId)
  const [first] = [
    ...I1.map((text) => `I1 ${text}`),
    ...I2.map((text) => `I2 ${text}`),
    ...I4.map((text) => `I4 ${text}`),
  ]
  return first === undefined ? null : `invariant broken: ${first}`
}

/** A sentence that names the batches that were given up and the reason for the first one. */
async function failures(client: Client, sweepId: string): Promise<string> {
  const { rows } = await client.query<{ text: string; number: number; message: string | null }>(
    `select format('cell %s, trials %s to %s', d.index, b.first, b.first + b.count - 1) as text,
            count(*) over ()::int as number,
            (select f.kind || ': ' || f.message from farm.failure f
              where f.cell_id = b.cell_id and f.first = b.first order by f.id desc limit 1) as message
       from farm.demand d join farm.pending b on b.cell_id = d.cell_id and b.state = 'failed'
      where d.sweep_id = $1 and d.state = 'failed' order by d.index, b.first limit 3`,
    [sweepId],
  )
  const number = rows[0]?.number ?? 0
  const named = rows.map(({ text }) => text).join('; ')
  return (
    `${number} failed batch${number === 1 ? '' : 'es'}: ` +
    `${named}${number > 3 ? '; ...' : ''}${rows[0]?.message ? ` (${rows[0].message.slice(0, 300)})` : ''}`
  )
}
