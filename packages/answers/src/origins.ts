import { type Database, submissionOf } from '@driftfarm/database'
import type { Origins } from '@driftfarm/report'

/** The origins of a sweep: its submitted spec, its kernel and the time of its submission. */
export async function originsOf(database: Database, sweepId: string): Promise<Origins> {
  const { spec, kernel, submittedAt } = await submissionOf(database, sweepId)
  return { spec, kernel, submittedAt: submittedAt.toISOString() }
}
