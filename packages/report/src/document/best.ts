import { count, estimateShape, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { paramTitles } from '../format/label.ts'
import { confidenceText, countText, parameterText } from '../format/quantity.ts'
import { painter, type TableOptions } from '../format/table.ts'
import { listed, oneLine, printable, texts } from '../format/text.ts'
import { define } from './define.ts'
import { integerShape, originShape, sweepShape } from './fields.ts'

/** The cell of a sweep in which an estimate is largest or smallest. */
const bestShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true }),
  of: z.string(),
  direction: z.enum(['max', 'min']),
  among: count.describe('Number of cells compared.'),
  cell: originShape.extend({ trials: integerShape }),
  estimate: estimateShape.describe(
    'Estimate as in the document Results. Its interval is valid only if the cell was chosen before the results ' +
      'were known.',
  ),
  simultaneous: estimateShape.describe(
    'Estimate with an interval that is valid for all cells simultaneously, and therefore for the selected cell.',
  ),
  contenders: z
    .array(count)
    .describe(
      'Indices of other cells that may be as good: their simultaneous intervals overlap the interval of the best cell.',
    ),
})
export type BestData = Plain<z.infer<typeof bestShape>>

/** What `results --best` prints. */
export const best = define('Best', bestShape, { table: renderBest })

const maxNamed = 10

export function renderBest(best: BestData, { color = false }: TableOptions = {}): string {
  const { sweep, of, direction, among, cell, estimate, simultaneous, contenders } = best
  const paint = painter(color)
  const paths = Object.keys(cell.params)
  const titles = paramTitles(paths)
  const params = paths.map((path, at) => `${titles[at]} ${oneLine(cell.params[path])}`).join(', ')
  const percent = confidenceText(estimate.confidence)
  const lines = texts(
    `${paint('bold', printable(sweep.name))}  ${direction === 'max' ? 'largest' : 'smallest'} ${printable(of)} of ` +
      countText(among, 'cell'),
    '',
    `cell ${cell.index}${params === '' ? '' : `: ${printable(params)}`}`,
    `${parameterText(estimate).join(' ')}  ${percent} ${estimate.method}` +
      (estimate.simultaneous === undefined
        ? ', valid for a cell chosen in advance'
        : `, simultaneous over ${estimate.simultaneous} cells`),
    estimate.simultaneous === undefined &&
      among > 1 &&
      `${parameterText(simultaneous).join(' ')}  ${percent} ${simultaneous.method}, simultaneous over ${among} cells`,
    among > 1 &&
      (contenders.length === 0
        ? 'no interval of another cell overlaps this interval'
        : `may be as good: ${contenders.length === 1 ? 'cell' : 'cells'} ${listed(contenders, maxNamed)}`),
  )
  return `${lines.join('\n')}\n`
}
