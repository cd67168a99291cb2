import { databaseInfo, farmCounts, farmProcesses, stateOfFarm } from '@driftfarm/database'
import { type Answering, farmData } from '../answering.ts'

export const farm: Answering<'farm'> = async (context) => {
  const { database } = context
  const [processes, counts, info, state] = await Promise.all([
    farmProcesses(database),
    farmCounts(database),
    databaseInfo(database),
    stateOfFarm(database),
  ])
  return {
    farm: farmData(state, context),
    processes,
    threads: processes.reduce((sum, { state, threads }) => sum + (state === 'silent' ? 0 : threads), 0),
    ...counts,
    database: { version: info.version, bytes: info.sizeBytes, outcomeBytes: info.outcomeBytes },
  }
}
