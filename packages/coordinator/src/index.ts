// Plans, feeds, reconciles, decides stopping.

export type { Clock } from './clock.ts'
export { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
export type { Counters } from './counters.ts'
export type { QueuePort } from './queuePort.ts'
