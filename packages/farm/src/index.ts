// A farm in this process: opening it, computing in it, drawing its results.

// The farm of a session as its users see it.
export { type DeskOptions, databaseDesk, type Planner } from './desk.ts'
export { bundledEntry, pageFolder, sourceArguments } from './entry.ts'
export { FarmError } from './error.ts'
export { farmMeanings } from './errorMeanings.ts'
export { farmWords, type Reader } from './farmWords.ts'
// Figures as files.
export { figureFile, formatOfFile } from './figure/file.ts'
export { identify } from './identify.ts'
export { cacheFolder, moduleBytesOf, modulesOf } from './modules.ts'
// Computing.
export { createParts, type Parts, type PartsOptions, threadsOf } from './parts.ts'
// What a run would do.
export { Pilot, type PilotStep } from './plan/pilot.ts'
export { mostPlanned, planOf, storedOf } from './plan/plan.ts'
export { checkSizing, wantsSizing } from './plan/sizing.ts'
export { removedMeanwhile } from './removed.ts'
export { createRunner, type HandedIn, type HandingIn, type Runner } from './runner.ts'
export {
  embeddedExists,
  openSession,
  processId,
  type Session,
  type SessionOptions,
  workerConnections,
} from './session.ts'
// Shards: computed without a farm, and imported into one.
export { computeShard, type FailedBatch, requireShards, type ShardCounts } from './shard/compute.ts'
export { shardBytes } from './shard/frame.ts'
export { checkShards, importShards } from './shard/import.ts'
export { isShard } from './shard/isShard.ts'
export { requireKernel, type SweepTextOptions, sweepOfFiles, sweepOfText } from './sweepText.ts'
export type { Waits } from './waits.ts'
export { wideningLines } from './widening.ts'
