// Opens a farm in this process, computes its sweeps and draws their results.

export { bundledEntry, pageFolder, sourceArguments } from './entry.ts'
export { FarmError } from './error.ts'
export { type DeskOptions, databaseFarmClient, type Planner } from './farmClient.ts'
export { farmMessage, type MessageAudience } from './farmMessage.ts'
export { createFarmProcesses, type FarmProcesses, type FarmProcessesOptions, threadsOf } from './farmProcesses.ts'
export { figureFile, formatOfFile } from './figure/file.ts'
export { identify } from './identify.ts'
export { cacheFolder, moduleBytesOf, modulesOf } from './modules.ts'
export { Pilot, type PilotStep } from './plan/pilot.ts'
export { maxListedCells, planOf, storedProgressOf } from './plan/plan.ts'
export { checkSizing, isSizingRequested } from './plan/sizing.ts'
export { removedSweepError } from './removedSweepError.ts'
export { createRunner, type Runner, type SubmitOptions, type SubmittedRun } from './runner.ts'
export {
  embeddedExists,
  openSession,
  processId,
  type Session,
  type SessionOptions,
  workerConnections,
} from './session.ts'
// A shard is computed without a farm, and then imported into a farm.
export { computeShard, type FailedBatch, requireShards, type ShardCounts } from './shard/compute.ts'
export { shardBytes } from './shard/frame.ts'
export { checkShards, importShards } from './shard/import.ts'
export { isShard } from './shard/isShard.ts'
export { requireKernel, type SweepTextOptions, sweepOfFiles, sweepOfText } from './sweepText.ts'
export type { WaitLimits } from './waitLimits.ts'
export { describeWidening } from './widening.ts'
