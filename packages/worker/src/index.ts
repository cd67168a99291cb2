// Takes batches, computes them in piscina threads, and commits their outcomes.

export type { BatchEvent } from './deliver.ts'
export type { WorkerErrorCode } from './error.ts'
export type { Faults, Poison, Stage } from './faults.ts'
export { keptModules } from './keptModules.ts'
export { type Computed, createPool, type Pool, type PoolGiven } from './pool.ts'
export { nextSlice } from './slices.ts'
export type { Engine } from './task.ts'
export { shapeBytes } from './thread/compile.ts'
export type { Worker, WorkerOptions } from './worker.ts'
export { createWorker } from './worker.ts'
