import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText } from '../format/quantity.ts'
import { define } from './define.ts'
import { sweepShape } from './fields.ts'

/** Says that a sweep was removed, and how many cells were removed with it. */
export const removedText = ({
  sweep,
  cells,
}: {
  readonly sweep: { readonly name: string }
  readonly cells: number
}): string => `${sweep.name}: removed, with ${countText(cells, 'cell')} that no other sweep contains`

/** What `rm` prints. */
export const removed = define(
  'Removed',
  z.strictObject({
    sweep: sweepShape.pick({ id: true, name: true }),
    cells: count.describe('Number of cells removed with the sweep, because no other sweep contains them.'),
  }),
  { table: (data) => `${removedText(data)}\n` },
)
