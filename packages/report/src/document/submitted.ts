import * as z from 'zod'
import { define } from './define.ts'
import { sweepShape } from './sweep.ts'

/** What `run --detach` prints. */
export const submitted = define(
  'Submitted',
  z.strictObject({ sweep: sweepShape.pick({ id: true, name: true, state: true }) }),
  { table: ({ sweep }) => `${sweep.name} ${sweep.id} ${sweep.state}\n` },
)
