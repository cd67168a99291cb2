// Opens a farm in this process, computes its sweeps and draws their results.

export { findTarget, type NativeOptions, sourceArguments, targetWords } from '@driftfarm/worker'
export { bundledEntry, pageFolder } from './entry.ts'
export { FarmError, removedSweepError } from './error.ts'
export { type DeskOptions, databaseFarmClient, type Planner } from './farmClient.ts'
export { farmMessage, type MessageAudience } from './farmMessage.ts'
export { createFarmProcesses, type FarmProcesses, type FarmProcessesOptions } from './farmProcesses.ts'
export { figureFile, formatOfFile } from './figure/file.ts'
export { cacheFolder, ensureModule, moduleBytesOf, modulesOf } from './modules.ts'
export { Pilot, type PilotStep } from './plan/pilot.ts'
export { planInputsOf, planOf } from './plan/plan.ts'
export { createRunner, type Runner, type SubmittedRun } from './runner.ts'
export type { WaitLimits } from './session.ts'
export {
  openSession,
  processId,
  type Session,
  type SessionOptions,
  workerConnections,
} from './session.ts'
// A shard is computed without a farm, and then imported into a farm.
export { computeShard, type FailedBatch, isShard, requireShards, type ShardCounts } from './shard/compute.ts'
export { shardBytes } from './shard/frame.ts'
export { checkShards, importShards } from './shard/import.ts'
export { identify, readSpec, requireKernel, type SpecTextOptions, sweepOfFiles } from './sweepText.ts'
export { startThreads, threadsOf } from './threads.ts'
