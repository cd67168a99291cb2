// Plans, feeds, reconciles, decides stopping.

export { bestOf, type NoSuchEstimate } from './best.ts'
export type { Clock } from './clock.ts'
export { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
export type { Counters } from './counters.ts'
export { curvesOf } from './curves.ts'
export { waitFor } from './follow.ts'
export type { QueuePort } from './queuePort.ts'
export { recheckEstimates } from './recheck.ts'
export { type StoredRecord, storedOutcome, storedRecords } from './records.ts'
export { resultsOf, type SweepResults } from './results.ts'
export { rowRecord, rowsOf } from './rows.ts'
export { type SizingOptions, sizingOfSweep } from './sizing.ts'
