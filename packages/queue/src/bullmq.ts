import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * BullMQ, loaded with the first queue that is opened: a command that opens none would spend a third of its start on
 * 300 modules. Loaded at once, without a promise, so that queues are made as before.
 */
export const bullmq = (): typeof import('bullmq') => require('bullmq')

/** The client of Redis that BullMQ uses. */
export const ioredis = (): typeof import('ioredis') => require('ioredis')
