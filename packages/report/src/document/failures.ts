import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { idShape, timeShape } from './fields.ts'

const causeShape = z.strictObject({
  kind: z
    .string()
    .describe(
      'Kind of failure. throw: an error was thrown. exit: the thread exited. memory: memory ran out. ' +
        'deadline: a time limit was exceeded. vanished: the worker stopped sending heartbeats, or was still not ' +
        'finished long after the deadline. determinism: two results of the same trials differ.',
    ),
  message: z
    .string()
    .describe('Message of the newest failure. Messages of older failures may have other numbers and ids.'),
  count: count.describe('Number of failures with this cause.'),
  open: count.describe('Batches that were given up because of this cause and now wait for a retry.'),
  firstAt: timeShape,
  lastAt: timeShape,
  sweeps: z.array(z.strictObject({ id: idShape, name: z.string() })).describe('Affected sweeps, at most ten.'),
  cells: z
    .array(z.strictObject({ sweep: idShape, index: count }))
    .describe('Most recently affected cells, at most ten.'),
  processes: z.array(z.string()).describe('Processes in which these failures happened, at most ten.'),
})

const failuresShape = z.strictObject({
  causes: z
    .array(causeShape)
    .describe(
      'Causes for which a batch was given up come first, then the other causes; each group starts with the most ' +
        'recent cause.',
    ),
  looked: count.describe('Number of failures that were examined. These are the most recent failures.'),
})

export const failures = define('Failures', failuresShape)
