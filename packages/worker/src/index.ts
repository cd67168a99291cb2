// Takes batches, computes them in piscina threads, and commits their outcomes.

export type { BatchEvent } from './deliver.ts'
export { nextSlice } from './deliver.ts'
export type { WorkerErrorCode } from './error.ts'
export type { Faults, Stage, TrialFault } from './faults.ts'
export { cachedModules, shapeBytes } from './kernelCache.ts'
export { type Computed, Pool, type PoolOptions } from './pool.ts'
export type { Engine } from './task.ts'
export type { Worker, WorkerOptions } from './worker.ts'
export { createWorker } from './worker.ts'
