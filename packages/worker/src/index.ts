// Takes batches, computes them in piscina threads, and commits their outcomes.

export { type BatchEvent, nextSlice } from './deliver.ts'
export type { Faults, Stage, TrialFault } from './faults.ts'
export { cachedModules, ensureModule, shapeBytes } from './kernelCache.ts'
export type { NativeOptions } from './native/engines.ts'
export { findTarget, targetWords } from './native/target.ts'
export { type Computed, Pool, type PoolOptions } from './pool.ts'
export { sourceArguments } from './sourceArguments.ts'
export type { Engine } from './task.ts'
export { createWorker, type Worker, type WorkerOptions } from './worker.ts'
