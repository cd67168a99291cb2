// This package is the only one that imports BullMQ. If the URL of a Redis server is given, the queue is on Redis.
// Otherwise, it is in the farm's PostgreSQL database.

export type { Consumer, ConsumerOptions, DeliveryOutcome, Handler } from './consumer.ts'
export { QueueError } from './error.ts'
export { createQueueFactory, type QueueFactory, type QueueFactoryOptions } from './factory.ts'
export type { Job, NewJob } from './job.ts'
export { QueueLink } from './link.ts'
export type { Producer } from './producer.ts'
export type { QueueLimits } from './settings.ts'
