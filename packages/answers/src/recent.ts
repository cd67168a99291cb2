import { type Database, recentWork } from '@driftfarm/database'
import type { RecentData } from '@driftfarm/report'

/** The length of the period and of each bin, in seconds. This gives 120 bins, as many as a narrow chart can show. */
const seconds = 600
const binSeconds = 5

export async function recentOf(database: Database, sweepId: string | null): Promise<RecentData> {
  return { binSeconds, ...(await recentWork(database, { seconds, binSeconds, sweepId })) }
}
