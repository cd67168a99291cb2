import { painter } from './color.ts'
import { type Column, layOut } from './layout.ts'
import { oneLine } from './text.ts'

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width?: number
  readonly color?: boolean
}

/** The same page without colours. */
export const uncoloured = (options: TableOptions = {}): TableOptions => ({ ...options, color: false })

/**
 * Any records as a table, a line each. Numbers are set right. With empty titles it is a list of names and values,
 * without a head, and values are not cut.
 */
export function renderRecords(
  titles: readonly string[],
  rows: readonly (readonly unknown[])[],
  { width = 100, color = false }: TableOptions = {},
): string {
  const list = titles.every((title) => title === '')
  const columns = titles.map((title, at): Column => {
    const values = rows.map((row) => row[at])
    return {
      title: oneLine(title),
      align: !list && values.length > 0 && values.every(isNumeric) ? 'right' : 'left',
      cells: values.map(oneLine),
    }
  })
  return `${layOut(columns, list ? Number.POSITIVE_INFINITY : width, painter(color)).join('\n')}\n`
}

function isNumeric(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint'
}
