import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef, useState } from 'react'
import type { Range } from './mapping.ts'

/** A rectangle of columns and rows. */
export interface Rectangle {
  readonly x: Range
  readonly y: Range
}

export type Point = readonly [x: number, y: number]

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
  /** The place in the grid under the pointer, or the one that the arrow keys chose; null if none. */
  const [place, setPlace] = useState<number | null>(null)
  /** Where the pointer is in the window; null if the arrow keys moved the cursor. */
  const [pointer, setPointer] = useState<Point | null>(null)
  const anchor = useRef<number | null>(null)
  const rest = useRef('')
  const drag = useRef<'none' | 'pressed' | 'dragging' | 'dragged'>('none')
  const cursor = place !== null && place < columns * rows ? place : null
  const put = (next: number | null, by: Point | null): void => {
    setPlace(next)
    setPointer(by)
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
      if (cursor !== null) open(cursor)
    } else if (event.key === 'Escape') {
      anchor.current = null
      select(null)
    } else if (step !== undefined) {
      event.preventDefault()
      const from = cursor ?? 0
      const moved = (at: number, by: number, length: number) =>
        Math.min(length - 1, Math.max(0, at + (cursor === null ? 0 : by)))
      const next = moved(Math.floor(from / columns), step[1], rows) * columns + moved(from % columns, step[0], columns)
      put(next, null)
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
      if (rest.current === `${clientX} ${clientY}`) return
      rest.current = `${clientX} ${clientY}`
      const next = placeAt(event)
      put(next, [clientX, clientY])
      if (drag.current === 'pressed' && next !== anchor.current) drag.current = 'dragging'
      if (drag.current === 'dragging') select(between(anchor.current!, next))
    },
    onPointerLeave() {
      if (pointer !== null) put(null, null)
    },
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
    onKeyDown,
    onFocus() {
      if (cursor === null) put(0, null)
    },
  }
  return { cursor, pointer, handlers }
}
