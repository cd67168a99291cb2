import type { SweepDescription } from '@driftfarm/report'
import { type Actor, noteAction } from '../access/actions.ts'
import type { Database } from '../connection/database.ts'
import type { Columns } from '../ledger/rows.ts'
import { lockSweep } from './control.ts'

/**
 * Changes the title, the notes and the tags of a sweep. Parts that are absent stay as they are; null removes a part.
 * Submitting the spec again changes none of them. Throws SWEEP_OF_ANOTHER.
 */
export async function describeSweep(
  database: Database,
  sweepId: string,
  changes: SweepDescription,
  by?: Actor,
): Promise<void> {
  await database.transaction(
    async (client) => {
      const { name } = await lockSweep(client, sweepId, by)
      const { rows } = await client.query<Columns<'Sweep', 'title' | 'notes' | 'ownTags'>>(
        'select title, notes, own_tags as "ownTags" from farm.sweep where id = $1',
        [sweepId],
      )
      const { title, notes, tags } = { ...rows[0]!, tags: rows[0]!.ownTags, ...changes }
      await noteAction(client, by, { verb: 'describe', sweep: { id: sweepId, name }, detail: changes })
      await client.query('update farm.sweep set title = $2, notes = $3, own_tags = $4 where id = $1', [
        sweepId,
        title || null,
        notes || null,
        tags === null ? null : JSON.stringify(tags),
      ])
    },
    { retry: true },
  )
}
