import * as z from 'zod'
import { envelopeShape, withoutEnvelope } from './define.ts'
import { resultsShape } from './results.ts'
import { statusShape } from './status.ts'

const resultShape = envelopeShape('Results', resultsShape)

/** One line of `watch --json`. If the sweep has ended, the last line contains its results. */
export const watchEvent = withoutEnvelope(
  'WatchEvent',
  z.union([
    z.strictObject({ type: z.literal('status'), ...statusShape.shape }),
    z.strictObject({ type: z.literal('result'), ...resultShape.shape }),
  ]),
)
