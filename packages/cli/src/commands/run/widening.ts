import { type Database, extensionOf } from '@driftfarm/database'
import { describeWidening } from '@driftfarm/farm'
import type { Demand } from '@driftfarm/spec'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/** Intervals become wider if trials are added after an interim look. */
export async function announceWidening(shell: Shell, database: Database, sweepId: string, next: Demand): Promise<void> {
  const extension = await extensionOf(database, sweepId, next)
  if (extension !== null) for (const line of describeWidening(extension, next)) note(shell, line)
}
