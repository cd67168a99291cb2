import type { CellsData, Tick } from '@driftfarm/report'
import { useNavigate } from '@tanstack/react-router'
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { cellLines, sentenceOf } from './cellWords.ts'
import type { Mapped, Panel, Range, Rectangle } from './mapping.ts'

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
  const { cells, of, map, panel, width, height, label, left, below, children, say } = props
  const { cursor, pointer, handlers } = useCellPointer(props)
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

type Point = readonly [x: number, y: number]

const nowhere = { place: -1, pointer: null } as const

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

/**
 * A cursor over a grid of cells. A click or Enter opens the cell. Dragging, or Shift with an arrow key, selects a
 * rectangle; Escape clears it. On a touch screen, dragging scrolls the page as everywhere.
 */
function useCellPointer({ cells, map, panel, columnAt, select }: CellFrameProps) {
  const navigate = useNavigate()
  const [columns, rows] = [map.x.values.length, map.y?.values.length ?? 1]
  /**
   * The place in the grid under the pointer or the one that the arrow keys chose, -1 if none. `pointer` is where the
   * pointer is in the window; null if the arrow keys moved the cursor.
   */
  const [{ place, pointer }, put] = useState<{ readonly place: number; readonly pointer: Point | null }>(nowhere)
  const anchor = useRef<number | null>(null)
  const rest = useRef('')
  /** Whether the pointer has left the cell in which its button was pressed. */
  const isDrag = useRef(false)
  const cursor = place >= 0 && place < columns * rows ? place : null
  const placeAt = ({ clientX, clientY, currentTarget }: MouseEvent): number => {
    const box = currentTarget.getBoundingClientRect()
    const row = Math.floor((1 - (clientY - box.top) / box.height) * rows)
    return Math.min(rows - 1, Math.max(0, row)) * columns + columnAt((clientX - box.left) / box.width)
  }
  const openAt = (place: number): void => {
    const at = panel.grid[place]!
    const params = { ref: cells.sweep.id, cell: String(cells.index[at]) }
    if (at >= 0) void navigate({ to: '/sweeps/$ref/cells/$cell', params })
  }
  const between = (from: number, to: number): Rectangle => {
    const range = (a: number, b: number): Range => [Math.min(a, b), Math.max(a, b)]
    const row = (at: number): number => Math.floor(at / columns)
    return { x: range(from % columns, to % columns), y: range(row(from), row(to)) }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = arrows[event.key]
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (cursor !== null) openAt(cursor)
    } else if (event.key === 'Escape') {
      anchor.current = null
      select(null)
    } else if (step !== undefined) {
      event.preventDefault()
      const from = cursor ?? 0
      const moved = (at: number, by: number, length: number) =>
        Math.min(length - 1, Math.max(0, at + (cursor === null ? 0 : by)))
      const next = moved(Math.floor(from / columns), step[1], rows) * columns + moved(from % columns, step[0], columns)
      put({ place: next, pointer: null })
      if (!event.shiftKey) anchor.current = null
      else {
        anchor.current ??= from
        select(between(anchor.current, next))
      }
    }
  }
  const handlers = {
    onPointerDown(event: PointerEvent) {
      isDrag.current = false
      if (event.button !== 0 || event.pointerType === 'touch') return
      anchor.current = placeAt(event)
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      const { clientX, clientY, currentTarget, pointerId, pointerType } = event
      // Browsers report a move if the page moves under a pointer that rests. It would undo what the keys did.
      if (rest.current === `${clientX} ${clientY}`) return
      rest.current = `${clientX} ${clientY}`
      const next = placeAt(event)
      put({ place: next, pointer: [clientX, clientY] })
      // The capture ends with the press. The browser itself captures a finger, which scrolls.
      if (pointerType === 'touch' || !currentTarget.hasPointerCapture(pointerId)) return
      isDrag.current ||= next !== anchor.current
      if (isDrag.current) select(between(anchor.current!, next))
    },
    onPointerLeave() {
      if (pointer !== null) put(nowhere)
    },
    // The browser also reports a click at the end of a drag.
    onClick(event: MouseEvent) {
      // The tip would cover the selected cells.
      if (isDrag.current) put(nowhere)
      else openAt(placeAt(event))
      isDrag.current = false
    },
    onKeyDown,
    onFocus() {
      if (cursor === null) put({ place: 0, pointer: null })
    },
  }
  return { cursor, pointer, handlers }
}

type TicksProps = AxisTicks & { readonly side: 'left' | 'below'; readonly size: number }

/** The ticks and the name of an axis. Screen readers hear the values of each cell instead. */
const Ticks = ({ name, ticks, side, size }: TicksProps) => (
  <div className={`axis axis-${side}`} style={{ [side === 'left' ? 'height' : 'width']: size }} aria-hidden="true">
    <span className="axis-name">{name}</span>
    {ticks.map(({ at, text }) => (
      <span key={at} className="tick" style={{ [side === 'left' ? 'bottom' : 'left']: `${at * 100}%` }}>
        {text}
      </span>
    ))}
  </div>
)

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
