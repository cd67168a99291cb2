// Takes batches, computes them in piscina threads, and commits their outcomes.

export { cachedModules } from './cachedModules.ts'
export type { BatchEvent } from './deliver.ts'
export type { WorkerErrorCode } from './error.ts'
export type { Faults, Stage, TrialFault } from './faults.ts'
export { type Computed, type CreatePoolOptions, createPool, type Pool } from './pool.ts'
export { nextSlice } from './slices.ts'
export type { Engine } from './task.ts'
export { shapeBytes } from './thread/compile.ts'
export type { Worker, WorkerOptions } from './worker.ts'
export { createWorker } from './worker.ts'
