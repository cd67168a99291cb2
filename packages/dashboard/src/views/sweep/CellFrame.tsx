import type { CellsData, Tick } from '@driftfarm/report'
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { cellLines, sentenceOf } from './cellWords.ts'
import type { Mapped, Panel } from './mapping.ts'
import { type Point, type Rectangle, useCellPointer } from './useCellPointer.ts'

/** What maps and curves have in common. */
export interface CellViewProps {
  readonly cells: CellsData
  readonly of: string
  readonly map: Mapped
  readonly panel: Panel
  /** Size of the area for the cells in pixels. */
  readonly width: number
  readonly height: number
  readonly selected: Rectangle | null
  open(index: number): void
  select(rectangle: Rectangle | null): void
  /** Says what is known of the cell under the cursor. */
  say(text: string | null): void
}

interface AxisTicks {
  readonly name: string
  readonly ticks: readonly Tick[]
}

interface CellFrameProps extends Omit<CellViewProps, 'selected'> {
  /** For screen readers. */
  readonly label: string
  readonly left: AxisTicks | null
  readonly below: AxisTicks
  /** The column at a distance from the left edge, as a share of the width. */
  columnAt(share: number): number
  /** The picture, for a cursor at a place of the grid; null if it is nowhere. */
  children(cursor: number | null): ReactNode
}

/** The axes around the picture of cells, the keys and the pointer in it, and what is known of a cell. */
export function CellFrame(props: CellFrameProps) {
  const { cells, of, map, panel, width, height, label, left, below, columnAt, children, open, say } = props
  const [columns, rows] = [map.x.values.length, map.y?.values.length ?? 1]
  const { cursor, pointer, handlers } = useCellPointer({
    columns,
    rows,
    placeAt({ clientX, clientY, currentTarget }: MouseEvent) {
      const box = currentTarget.getBoundingClientRect()
      const row = Math.floor((1 - (clientY - box.top) / box.height) * rows)
      return Math.min(rows - 1, Math.max(0, row)) * columns + columnAt((clientX - box.left) / box.width)
    },
    open(place) {
      const at = panel.grid[place]!
      if (at >= 0) open(cells.index[at]!)
    },
    select: props.select,
  })
  const lines = useMemo(
    () => (cursor === null ? null : cellLines(cells, map, panel, cursor, of)),
    [cells, map, panel, cursor, of],
  )
  const text = lines === null ? null : sentenceOf(lines)
  useEffect(() => say(text), [say, text])
  const area = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (cursor !== null && pointer === null)
      area.current?.querySelector('.cells-cursor')?.scrollIntoView({ block: 'nearest' })
  }, [cursor, pointer])
  const keys = 'Use the arrow keys to move, Enter to open a cell, Shift with an arrow key to select cells.'
  return (
    <div className="map-grid">
      {left === null ? <span /> : <Ticks {...left} side="left" size={height} />}
      <div
        ref={area}
        className="map-cells"
        style={{ width, height }}
        role="application"
        aria-label={`${label}. ${keys}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move among the cells
        tabIndex={0}
        {...handlers}
      >
        {children(cursor)}
      </div>
      <Ticks {...below} side="below" size={width} />
      {pointer !== null && lines !== null && <Tip pointer={pointer} lines={lines} />}
    </div>
  )
}

/** The ticks and the name of an axis. Screen readers hear the values of each cell instead. */
function Ticks({ name, ticks, side, size }: AxisTicks & { readonly side: 'left' | 'below'; readonly size: number }) {
  return (
    <div className={`axis axis-${side}`} style={{ [side === 'left' ? 'height' : 'width']: size }} aria-hidden="true">
      <span className="axis-name">{name}</span>
      {ticks.map(({ at, text }) => (
        <span key={at} className="tick" style={{ [side === 'left' ? 'bottom' : 'left']: `${at * 100}%` }}>
          {text}
        </span>
      ))}
    </div>
  )
}

/** Text beside the pointer, on the side where the window has more room. Screen readers hear the same text elsewhere. */
function Tip({ pointer: [x, y], lines }: { readonly pointer: Point; readonly lines: readonly string[] }) {
  const beside = (at: number, size: number, low: string, high: string) =>
    at > size / 2 ? { [high]: size - at + 14 } : { [low]: at + 14 }
  const { clientWidth } = document.documentElement
  const style = { ...beside(x, clientWidth, 'left', 'right'), ...beside(y, innerHeight, 'top', 'bottom') }
  return (
    <div className="tip" aria-hidden="true" style={style}>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  )
}
