import { type Database, extensionOf } from '@driftfarm/database'
import { describeWidening } from '@driftfarm/farm'
import type { Demand } from '@driftfarm/spec'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * Prints, before any trial is computed, how much wider the intervals become if trials are added after an interim look.
 * Prints nothing if no interval becomes wider.
 */
export async function announceWidening(shell: Shell, database: Database, sweepId: string, next: Demand): Promise<void> {
  const extension = await extensionOf(database, sweepId, next)
  if (extension !== null) for (const line of describeWidening(extension, next)) note(shell, line)
}
