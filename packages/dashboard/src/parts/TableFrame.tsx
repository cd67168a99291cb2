import type { ReactNode, Ref } from 'react'

interface Props {
  /** What the table holds, for who hears it. */
  readonly label: string
  /** As high as its lines, not as the window. */
  readonly isLow?: boolean
  readonly frame?: Ref<HTMLElement>
  readonly children: ReactNode
}

/** A table that scrolls by itself. */
export function TableFrame({ label, isLow = false, frame, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the table
    <section ref={frame} className={isLow ? 'table-frame low' : 'table-frame'} tabIndex={0} aria-label={label}>
      <table>{children}</table>
    </section>
  )
}

/** The lines that are not drawn because they are scrolled away: their height alone. */
export function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height > 0 ? (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  ) : null
}
