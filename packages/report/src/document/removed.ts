import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { sweepShape } from './sweep.ts'

/** What `rm` prints. */
export const removed = define(
  'Removed',
  z.strictObject({
    sweep: sweepShape.pick({ id: true, name: true }),
    cells: count.describe('Cells that no other sweep holds: they went too.'),
  }),
  { table: ({ sweep, cells }) => `${sweep.name}: removed, with ${cells} cells that no other sweep holds\n` },
)
