import * as z from 'zod'
import { envelopeShape, type Printed } from './define.ts'
import { resultsShape } from './results.ts'
import { statusShape } from './status.ts'

const resultShape = envelopeShape('Results', resultsShape)

/** A line of `watch --json`. The last one of a sweep that ended is its results. */
export const watchEvent: Printed = {
  kind: 'WatchEvent',
  shape: z.union([
    z.strictObject({ type: z.literal('status'), ...statusShape.shape }),
    z.strictObject({ type: z.literal('result'), ...resultShape.shape }),
  ]),
}
