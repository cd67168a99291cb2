import type { SweepDescription } from '@driftfarm/report'
import { type Actor, noteAction } from '../access/actions.ts'
import type { Database } from '../connection/database.ts'
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
      await noteAction(client, by, { verb: 'describe', sweep: { id: sweepId, name }, detail: changes })
      await client.query(
        `update farm.sweep
            set title = case when $2::jsonb ? 'title' then nullif($2 ->> 'title', '') else title end,
                notes = case when $2 ? 'notes' then nullif($2 ->> 'notes', '') else notes end,
                own_tags = case when $2 ? 'tags' then nullif($2 -> 'tags', 'null') else own_tags end
          where id = $1`,
        [sweepId, JSON.stringify(changes)],
      )
    },
    { retry: true },
  )
}
