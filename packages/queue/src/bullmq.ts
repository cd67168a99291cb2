import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * BullMQ, loaded only when the first queue is opened. A command that opens no queue would otherwise spend a third of
 * its start-up time on loading the 300 modules of BullMQ. It is loaded synchronously, so that queues can be created
 * without waiting.
 */
export const bullmq = (): typeof import('bullmq') => require('bullmq')

/** The Redis client that BullMQ uses. */
export const ioredis = (): typeof import('ioredis') => require('ioredis')
