import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText } from '../format/quantity.ts'
import { type DataOf, define } from './define.ts'
import { sweepShape } from './fields.ts'

const removedShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  cells: count.describe('Number of cells removed with the sweep, because no other sweep contains them.'),
})

/** Says that a sweep was removed, and how many cells were removed with it. */
export const removedText = ({ sweep, cells }: DataOf<typeof removedShape>): string =>
  `${sweep.name}: removed, with ${countText(cells, 'cell')} that no other sweep contains`

/** What `rm` prints. */
export const removed = define('Removed', removedShape, { table: (data) => `${removedText(data)}\n` })
