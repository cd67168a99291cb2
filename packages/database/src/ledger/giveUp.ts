import type { Database } from '../database.ts'
import { asLeader } from './leadership.ts'
import { schedulable } from './schedulable.ts'

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
