import {
  type Database,
  databaseInfo,
  type FarmState,
  farmCounts,
  farmProcesses,
  stateOfFarm,
} from '@driftfarm/database'
import type { WholeFarmData } from '@driftfarm/report'

/** `words` returns a message that says what is wrong with the farm and how to fix it. */
export async function wholeFarm(database: Database, words: (farm: FarmState) => string): Promise<WholeFarmData> {
  const [processes, counts, info, state] = await Promise.all([
    farmProcesses(database),
    farmCounts(database),
    databaseInfo(database),
    stateOfFarm(database),
  ])
  return {
    farm: state === null ? null : { state: state.state, words: words(state) },
    processes: processes as WholeFarmData['processes'],
    threads: processes.reduce((sum, { state, threads }) => sum + (state === 'silent' ? 0 : threads), 0),
    ...counts,
    database: { version: info.version, bytes: info.sizeBytes, outcomeBytes: info.outcomeBytes },
  }
}
