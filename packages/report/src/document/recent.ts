import { count, decimal, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { idShape, timeShape } from './fields.ts'

const recentShape = z.strictObject({
  from: timeShape,
  to: timeShape.describe('The current time of the database clock.'),
  binSeconds: count,
  bins: z
    .array(z.strictObject({ at: timeShape, batches: count, trials: decimal, cpuSeconds: nonNegative }))
    .describe('Results stored in each bin of `binSeconds` seconds; empty bins are absent.'),
  spans: z
    .array(
      z.strictObject({
        process: z.string(),
        sweep: idShape,
        name: z.string(),
        startedAt: timeShape,
        finishedAt: timeShape,
        batches: count,
        trials: decimal,
      }),
    )
    .describe('Bundles that processes computed, one entry per bundle; at most the newest 2,000.'),
  marks: z
    .array(z.strictObject({ at: timeShape, kind: z.enum(['began', 'left', 'silent', 'failure']), text: z.string() }))
    .describe(
      'Events: a process started, left or stopped sending heartbeats, or a failure occurred. At most the newest 200.',
    ),
})
export type RecentData = Plain<z.infer<typeof recentShape>>

/** Recent computations of a farm or of one sweep, returned over HTTP. */
export const recent = define('Recent', recentShape)
