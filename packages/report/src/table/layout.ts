import type { Paint } from './color.ts'
import { abbreviate, padEnd, padStart, widthOf } from './text.ts'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cells: readonly string[]
}

export interface MeasuredColumn extends Pick<Column, 'title' | 'align'> {
  /** In terminal columns. */
  readonly width: number
}

const gap = '  '

export function tableWidth(columns: readonly MeasuredColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + gap.length * Math.max(columns.length - 1, 0)
}

function measured({ title, align, cells }: Column): MeasuredColumn {
  return { title, align, width: cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), widthOf(title)) }
}

const narrowest = 4

/** Cuts the widest columns if all columns together are wider than `width`. */
export function fitColumns(columns: readonly MeasuredColumn[], width: number): readonly MeasuredColumn[] {
  const widths = columns.map((column) => column.width)
  for (let over = tableWidth(columns) - width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widest < 0 || widths[widest]! <= narrowest) break
    widths[widest]!--
  }
  return columns.map((column, at) => ({ ...column, width: widths[at]! }))
}

export function lineOf(columns: readonly MeasuredColumn[], texts: readonly string[]): string {
  return texts
    .map((text, at) => {
      const { width, align } = columns[at]!
      const cut = abbreviate(text, width)
      return align === 'right' ? padStart(cut, width) : padEnd(cut, width)
    })
    .join(gap)
    .trimEnd()
}

export function titleLines(columns: readonly MeasuredColumn[], paint: Paint): string[] {
  const titles = columns.map(({ title }) => title)
  return titles.some((title) => title !== '') ? [paint('bold', lineOf(columns, titles))] : []
}

export function layOut(columns: readonly Column[], width: number, paint: Paint): string[] {
  const fitting = fitColumns(columns.map(measured), width)
  const rows = columns[0]?.cells.length ?? 0
  return [
    ...titleLines(fitting, paint),
    ...Array.from({ length: rows }, (_, row) =>
      lineOf(
        fitting,
        columns.map(({ cells }) => cells[row] ?? ''),
      ),
    ),
  ]
}
