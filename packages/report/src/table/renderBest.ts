import type { BestData } from '../document/best.ts'
import { painter } from './color.ts'
import { estimateText } from './digits.ts'
import { paramTitles } from './paramTitles.ts'
import { countText } from './quantity.ts'
import type { TableOptions } from './renderRecords.ts'
import { oneLine, printable } from './text.ts'

const maxNamed = 10

export function renderBest(best: BestData, { color = false }: TableOptions = {}): string {
  const { sweep, of, direction, among, cell, estimate, simultaneous, contenders } = best
  const paint = painter(color)
  const paths = Object.keys(cell.params)
  const titles = paramTitles(paths)
  const params = paths.map((path, at) => `${titles[at]} ${oneLine(cell.params[path])}`).join(', ')
  const own = estimateText(estimate)
  const shared = estimateText(simultaneous)
  const percent = Number((estimate.confidence * 100).toPrecision(12))
  const named = contenders.slice(0, maxNamed).join(', ')
  const more = contenders.length > maxNamed ? ` and ${contenders.length - maxNamed} more` : ''
  const lines = [
    `${paint('bold', printable(sweep.name))}  ${direction === 'max' ? 'largest' : 'smallest'} ${printable(of)} of ` +
      countText(among, 'cell'),
    '',
    `cell ${cell.index}${params === '' ? '' : `: ${printable(params)}`}`,
    `${own.value} ${own.interval}  ${percent} % ${estimate.method}` +
      (estimate.simultaneous === undefined
        ? ', valid for a cell chosen in advance'
        : `, simultaneous over ${estimate.simultaneous} cells`),
    ...(estimate.simultaneous === undefined && among > 1
      ? [`${shared.value} ${shared.interval}  ${percent} % ${simultaneous.method}, simultaneous over ${among} cells`]
      : []),
    ...(among === 1
      ? []
      : [
          contenders.length === 0
            ? 'no interval of another cell overlaps this interval'
            : `may be as good: ${contenders.length === 1 ? 'cell' : 'cells'} ${named}${more}`,
        ]),
  ]
  return `${lines.join('\n')}\n`
}
