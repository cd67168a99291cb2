import { type Database, submissionOf } from '@driftfarm/database'
import type { Origins } from '@driftfarm/report'

export async function originsOf(database: Database, sweepId: string): Promise<Origins> {
  const { spec, kernel, submittedAt } = await submissionOf(database, sweepId)
  return { spec, kernel, submittedAt: submittedAt.toISOString() }
}
