import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * BullMQ, loaded when the first queue is opened. Otherwise a command that opens none would spend a third of its start
 * on 300 modules. It is loaded synchronously, so that queues can be created without waiting.
 */
export const bullmq = (): typeof import('bullmq') => require('bullmq')

/** The client of Redis that BullMQ uses. */
export const ioredis = (): typeof import('ioredis') => require('ioredis')
