import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'

export interface Column<Row> {
  readonly name: ReactNode
  readonly title?: string
  /** Sorts the rows by this column, or reverses their order. */
  readonly sort?: { readonly order: 'ascending' | 'descending' | undefined; choose(): void }
  /** `number`: aligned right, so that numbers can be compared by eye. `pick`: check boxes that select rows. */
  readonly is?: 'number' | 'nowrap' | 'pick'
  show(row: Row): ReactNode
  titleOf?(row: Row): string | undefined
}

interface Props<Row> {
  /** The name of the table for screen readers. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  keyOf(row: Row): string | number
  isCurrent?(row: Row): boolean
  /** Whether the first column names the rows. */
  readonly isHeaded?: boolean
  /**
   * Height of a row of a long table in pixels. A long table is at most 70 % as high as the window and scrolls, and only
   * its rows in view are rendered.
   */
  readonly rowHeight?: number
}

export function Table<Row>({ label, columns, rows, keyOf, isCurrent, isHeaded = true, rowHeight }: Props<Row>) {
  const frame = useRef<HTMLElement>(null)
  const isLong = rowHeight !== undefined
  const inView = useVirtualizer({
    count: isLong ? rows.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight ?? 0,
    overscan: 20,
  })
  const items = inView.getVirtualItems()
  const shown = isLong ? items.map(({ index }) => rows[index]!) : rows
  const head = isHeaded ? columns.findIndex(({ is }) => is !== 'pick') : -1
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the table
    <section ref={frame} className={isLong ? 'table-frame' : 'table-frame low'} tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, title, is, sort }, place) => (
              <th key={place} scope="col" className={is} title={title} aria-sort={sort?.order}>
                {sort === undefined ? (
                  name
                ) : (
                  <button type="button" className="sort" onClick={sort.choose}>
                    {name}
                    <span aria-hidden="true">
                      {{ ascending: ' ▲', descending: ' ▼', none: '' }[sort.order ?? 'none']}
                    </span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={items[0]?.start ?? 0} columns={columns.length} />
          {shown.map((row) => (
            <tr key={keyOf(row)} aria-current={isCurrent?.(row) ? 'true' : undefined}>
              {columns.map(({ is, show, titleOf }, place) => {
                const Cell = place === head ? 'th' : 'td'
                return (
                  <Cell key={place} scope={place === head ? 'row' : undefined} className={is} title={titleOf?.(row)}>
                    {show(row)}
                  </Cell>
                )
              })}
            </tr>
          ))}
          <Gap height={inView.getTotalSize() - (items.at(-1)?.end ?? 0)} columns={columns.length} />
        </tbody>
      </table>
    </section>
  )
}

/** An empty row as high as the rows that are scrolled out of view and not rendered. */
const Gap = ({ height, columns }: { readonly height: number; readonly columns: number }) =>
  height > 0 && (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  )
