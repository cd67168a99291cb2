import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useRef } from 'react'

export interface Column {
  readonly name: ReactNode
  readonly title?: string
  /** `number`: aligned right, so that numbers can be compared by eye. `pick`: check boxes that select rows. */
  readonly is?: 'number' | 'pick'
}

interface Props {
  /** The name of the table for screen readers. */
  readonly label: string
  readonly columns: readonly (string | Column)[]
  /** Whether all rows are shown; otherwise the table is at most 70 % as high as the window and scrolls. */
  readonly isLow?: boolean
  readonly frame?: Ref<HTMLElement>
  readonly children: ReactNode
}

export function TableFrame({ label, columns, isLow = false, frame, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the table
    <section ref={frame} className={isLow ? 'table-frame low' : 'table-frame'} tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column, place) => {
              const { name, title, is }: Column = typeof column === 'string' ? { name: column } : column
              return (
                <th key={place} scope="col" className={is} title={title}>
                  {name}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}

/** The rows that are in view, and the heights of the rows above and below them, in pixels. */
export function useRowsInView(count: number, rowHeight: number) {
  const frame = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  })
  const items = rows.getVirtualItems()
  return { frame, items, before: items[0]?.start ?? 0, after: rows.getTotalSize() - (items.at(-1)?.end ?? 0) }
}

/** An empty row as high as the rows that are scrolled out of view and not rendered. */
export function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height > 0 ? (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  ) : null
}
