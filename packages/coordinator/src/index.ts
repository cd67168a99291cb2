// The coordinator: plans batches, keeps the queue filled, reconciles it with the ledger, and decides when cells end.

export type { Clock } from './clock.ts'
export { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
export type { Counters } from './counters.ts'
export { defaults } from './defaults.ts'
export type { QueuePort } from './queuePort.ts'
export { settleImported } from './settleImported.ts'
export {
  batchAt,
  batchesOfShard,
  batchOf,
  type CellDivision,
  divideCell,
  type Shard,
  ShardAssignment,
  type ShardBatch,
} from './shardAssignment.ts'
