import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { renderRecords } from '../table/renderRecords.ts'
import { define } from './define.ts'
import { idShape } from './origin.ts'
import { timeShape } from './time.ts'

const causeShape = z.strictObject({
  kind: z.string().describe('throw, exit, memory, deadline, vanished or determinism.'),
  message: z.string().describe('Of the newest one; numbers and ids in it may differ in the others.'),
  count: count.describe('How often it happened.'),
  open: count.describe('Batches that were given up for it and wait to be tried again.'),
  firstAt: timeShape,
  lastAt: timeShape,
  sweeps: z.array(z.strictObject({ id: idShape, name: z.string() })).describe('At most ten.'),
  cells: z.array(z.strictObject({ sweep: idShape, index: count })).describe('At most ten of the newest.'),
  processes: z.array(z.string()).describe('Where it happened; at most ten.'),
})
export type FailureCause = Plain<z.infer<typeof causeShape>>

const failuresShape = z.strictObject({
  causes: z.array(causeShape).describe('Those with batches that were given up first, then the newest.'),
  looked: count.describe('How many of the newest failures were looked at.'),
})
export type FailuresData = Plain<z.infer<typeof failuresShape>>

/** Failures by their cause. */
export const failures = define('Failures', failuresShape, {
  table: ({ causes }, options) =>
    causes.length === 0
      ? 'no batch has failed\n'
      : renderRecords(
          ['cause', 'times', 'given up', 'last (UTC)', 'sweeps', 'message'],
          causes.map(({ kind, count: times, open, lastAt, sweeps, message }) => [
            kind,
            times,
            open,
            lastAt.slice(0, 16).replace('T', ' '),
            sweeps.map(({ name }) => name).join(', '),
            message,
          ]),
          options,
        ),
})
