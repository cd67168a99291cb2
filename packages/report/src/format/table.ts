import { abbreviate, oneLine, padEnd, padStart, widthOf } from './text.ts'

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

export type Paint = (color: keyof typeof codes, text: string) => string

export function painter(color: boolean): Paint {
  return color ? (name, text) => `\u001b[${codes[name]}m${text}\u001b[0m` : (_, text) => text
}

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
  const rows = columns[0]?.cells ?? []
  const textsOf = (row: number) => columns.map(({ cells }) => cells[row] ?? '')
  return [...titleLines(fitting, paint), ...rows.map((_, row) => lineOf(fitting, textsOf(row)))]
}

export interface TableOptions {
  /** Maximum length of a line, in terminal columns. */
  readonly width?: number
  readonly color?: boolean
  /** A table with more cells or contrasts than this shows only the most informative ones. Default: no limit. */
  readonly most?: number
}

/** The lines of a shortened table, with dots where lines are left out. `places` are their places in the full table. */
export const withGaps = (places: readonly number[], lines: readonly string[], paint: Paint): string[] =>
  places.flatMap((place, at) => [...(place > (places[at - 1] ?? -1) + 1 ? [paint('dim', '...')] : []), lines[at]!])

export const isCut = (lines: number, { most }: TableOptions): boolean => most !== undefined && lines > most

export const uncoloured = (options: TableOptions = {}): TableOptions => ({ ...options, color: false })

/** A column of a table of records: its title, what it shows of a record, and `right` for numbers given as text. */
export type RecordColumn<Item> = readonly [title: string, of: (record: Item, at: number) => unknown, align?: 'right']

/** Columns that are false are left out. */
export function renderColumns<Item>(
  options: TableOptions | undefined,
  records: readonly Item[],
  all: readonly (RecordColumn<Item> | false)[],
): string {
  const columns = all.filter((column) => column !== false)
  const titles = columns.map(([title]) => title)
  const rows = records.map((record, at) => columns.map(([, of]) => of(record, at)))
  return renderRecords(titles, rows, { ...options, numeric: columns.map(([, , align]) => align === 'right') })
}

/** Renders a list of names and values. Rows that are false are left out. */
export function renderFacts(options: TableOptions | undefined, rows: readonly (readonly unknown[] | false)[]): string {
  const shown = rows.filter((row) => row !== false)
  const titles = (shown[0] ?? []).map(() => '')
  return renderRecords(titles, shown, options)
}

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
