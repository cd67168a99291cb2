// The coordinator: plans batches, keeps the queue filled, reconciles it with the ledger, and decides when cells end.

export { type Clock, type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
export { defaults } from './defaults.ts'
export type { QueuePort } from './queues.ts'
export type { Counters } from './schedulingPass.ts'
export { settleImported } from './settleSweep.ts'
export * from './shardAssignment.ts'
