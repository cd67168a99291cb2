import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef, useState } from 'react'
import type { Range } from './mapping.ts'

/** A rectangle of columns and rows. */
export interface Rectangle {
  readonly x: Range
  readonly y: Range
}

export type Point = readonly [x: number, y: number]

interface At {
  /** The place in the grid under the pointer, or the one that the arrow keys chose; null if none. */
  readonly cursor: number | null
  /** Where the pointer is in the window; null if the arrow keys moved the cursor. */
  readonly pointer: Point | null
}

interface Options {
  readonly columns: number
  readonly rows: number
  /** The place under the pointer. */
  placeAt(event: MouseEvent): number
  open(place: number): void
  select(rectangle: Rectangle | null): void
}

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
export function useCellPointer({ columns, rows, placeAt, open, select }: Options) {
  const [at, setAt] = useState<At>({ cursor: null, pointer: null })
  const anchor = useRef<number | null>(null)
  const rest = useRef<readonly [number, number]>([-1, -1])
  const drag = useRef<'none' | 'pressed' | 'dragging' | 'dragged'>('none')
  const cursor = at.cursor !== null && at.cursor < columns * rows ? at.cursor : null
  const between = (from: number, to: number): Rectangle => {
    const range = (a: number, b: number): Range => [Math.min(a, b), Math.max(a, b)]
    return {
      x: range(from % columns, to % columns),
      y: range(Math.floor(from / columns), Math.floor(to / columns)),
    }
  }
  const press = (event: KeyboardEvent): void => {
    const step = arrows[event.key]
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (cursor !== null) open(cursor)
    } else if (event.key === 'Escape') {
      anchor.current = null
      select(null)
    } else if (step !== undefined) {
      event.preventDefault()
      const from = cursor ?? 0
      const moved = (place: number, by: number, length: number) =>
        Math.min(length - 1, Math.max(0, place + (cursor === null ? 0 : by)))
      const next = moved(Math.floor(from / columns), step[1], rows) * columns + moved(from % columns, step[0], columns)
      setAt({ cursor: next, pointer: null })
      if (!event.shiftKey) anchor.current = null
      else {
        anchor.current ??= from
        select(between(anchor.current, next))
      }
    }
  }
  const handlers = {
    onPointerDown(event: PointerEvent) {
      drag.current = 'none'
      if (event.button !== 0 || event.pointerType === 'touch') return
      drag.current = 'pressed'
      anchor.current = placeAt(event)
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      const { clientX, clientY } = event
      // Browsers report a move if the page moves under a pointer that rests. It would undo what the keys did.
      if (rest.current[0] === clientX && rest.current[1] === clientY) return
      rest.current = [clientX, clientY]
      const place = placeAt(event)
      setAt({ cursor: place, pointer: [clientX, clientY] })
      if (anchor.current === null || (drag.current === 'pressed' && place === anchor.current)) return
      if (drag.current !== 'pressed' && drag.current !== 'dragging') return
      drag.current = 'dragging'
      select(between(anchor.current, place))
    },
    onPointerLeave: () => setAt((old) => (old.pointer === null ? old : { cursor: null, pointer: null })),
    onPointerUp() {
      drag.current = drag.current === 'dragging' ? 'dragged' : 'none'
    },
    onPointerCancel() {
      drag.current = 'none'
    },
    // The browser also reports a click at the end of a drag.
    onClick(event: MouseEvent) {
      if (drag.current !== 'dragged') open(placeAt(event))
      drag.current = 'none'
    },
    onKeyDown: press,
    onFocus() {
      if (cursor === null) setAt({ cursor: 0, pointer: null })
    },
  }
  return { cursor, pointer: at.pointer, handlers }
}
