import { painter } from './color.ts'
import { type Column, layOut } from './layout.ts'
import { oneLine } from './text.ts'

export interface TableOptions {
  /** Maximum length of a line, in terminal columns. */
  readonly width?: number
  readonly color?: boolean
  /** A table with more cells or contrasts than this shows only the most informative ones. Default: no limit. */
  readonly most?: number
}

export const isCut = (lines: number, { most }: TableOptions): boolean => most !== undefined && lines > most

export const uncoloured = (options: TableOptions = {}): TableOptions => ({ ...options, color: false })

/**
 * Renders records as a table. `numeric` marks columns whose numbers are given as strings. If all titles are empty, the
 * table is a list of names and values, without a header, and its values are not cut.
 */
export function renderRecords(
  titles: readonly string[],
  rows: readonly (readonly unknown[])[],
  { width = 100, color = false, numeric = [] }: TableOptions & { readonly numeric?: readonly boolean[] } = {},
): string {
  const list = titles.every((title) => title === '')
  const columns = titles.map((title, at): Column => {
    const values = rows.map((row) => row[at])
    return {
      title: oneLine(title),
      align: !list && values.length > 0 && (numeric[at] || values.every(isNumeric)) ? 'right' : 'left',
      cells: values.map(oneLine),
    }
  })
  return `${layOut(columns, list ? Number.POSITIVE_INFINITY : width, painter(color)).join('\n')}\n`
}

function isNumeric(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint'
}
