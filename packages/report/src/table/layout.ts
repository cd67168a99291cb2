import type { Paint } from './color.ts'
import { abbreviate, padEnd, padStart, widthOf } from './text.ts'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cells: readonly string[]
}

const gap = '  '

export function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0) + gap.length * Math.max(columns.length - 1, 0)
}

function columnWidth({ title, cells }: Column): number {
  return cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), widthOf(title))
}

/** The width to which a column can be cut at most. */
const narrowest = 4

/** The lines of a table. If it is wider than `width`, the widest columns are cut, with an ellipsis. */
export function layOut(columns: readonly Column[], width: number, paint: Paint): string[] {
  const widths = columns.map(columnWidth)
  for (let over = tableWidth(columns) - width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widest < 0 || widths[widest]! <= narrowest) break
    widths[widest]!--
  }
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const cut = abbreviate(text, widths[at]!)
        return columns[at]!.align === 'right' ? padStart(cut, widths[at]!) : padEnd(cut, widths[at]!)
      })
      .join(gap)
      .trimEnd()
  const titled = columns.some(({ title }) => title !== '')
  const rows = columns[0]?.cells.length ?? 0
  return [
    ...(titled ? [paint('bold', line(columns.map(({ title }) => title)))] : []),
    ...Array.from({ length: rows }, (_, row) => line(columns.map(({ cells }) => cells[row] ?? ''))),
  ]
}
