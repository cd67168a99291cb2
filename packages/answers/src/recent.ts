import { type Database, recentWork } from '@driftfarm/database'
import type { RecentData } from '@driftfarm/report'

/** Minutes that are looked back, and the length of a bin: as many as a narrow chart shows. */
const seconds = 600
const binSeconds = 5

/** What the farm, or one sweep, was at within the last ten minutes. */
export async function recentOf(database: Database, sweepId: string | null): Promise<RecentData> {
  return { binSeconds, ...(await recentWork(database, { seconds, binSeconds, sweepId })) }
}
