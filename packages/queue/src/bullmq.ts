import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * BullMQ, loaded only when the first queue is opened. A command that opens no queue would otherwise spend a third of
 * its start-up time on loading the 300 modules of BullMQ.
 */
export const bullmq = (): typeof import('bullmq') => require('bullmq')

export const ioredis = (): typeof import('ioredis') => require('ioredis')
