import { type Database, extensionOf } from '@driftfarm/database'
import { describeWidening } from '@driftfarm/farm'
import type { Demand } from '@driftfarm/spec'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * Before any trial is computed, prints how requesting more trials after an interim look widens the intervals. Prints
 * nothing if no interval becomes wider.
 */
export async function announceWidening(shell: Shell, database: Database, sweepId: string, next: Demand): Promise<void> {
  const extension = await extensionOf(database, sweepId, next)
  if (extension !== null) for (const line of describeWidening(extension, next)) note(shell, line)
}
