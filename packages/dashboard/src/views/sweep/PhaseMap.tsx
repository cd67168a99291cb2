import { contourOf } from '@driftfarm/report'
import { useEffect, useMemo, useRef } from 'react'
import { counted } from '../../parts/format.ts'
import { useFigureColors } from '../../parts/theme.ts'
import { cellTicks, type ViewAxis } from './axes.ts'
import { CellFrame, type CellViewProps } from './CellFrame.tsx'
import { panelText } from './cellWords.ts'
import type { Rectangle } from './mapping.ts'
import type { MapView } from './mapView.ts'
import { hatchingOf, looksOf, paintChanges } from './paintMap.ts'

/** Larger cells would say nothing more. */
const largest = { width: 160, height: 72 } as const

export function PhaseMap(props: CellViewProps & MapView) {
  const { map, panel, cells, show, of, domain, isLog, level, selected } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const painted = useRef<{ readonly how: string; readonly looks: Int32Array } | null>(null)
  const colors = useFigureColors()
  const { x, y } = map
  const [columns, rows] = [x.values.length, y?.values.length ?? 1]
  const density = devicePixelRatio || 1
  const pixels = (room: number, most: number): number => Math.max(1, Math.floor(Math.min(room, most) * density))
  const cell = {
    width: pixels(props.width / columns, largest.width),
    height: pixels(props.height / rows, largest.height),
  }
  const size = { width: (columns * cell.width) / density, height: (rows * cell.height) / density }

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const how = JSON.stringify([columns, rows, cell, colors.paper])
    const before = painted.current?.how === how ? painted.current.looks : null
    if (before === null) Object.assign(element, { width: columns * cell.width, height: rows * cell.height })
    const looks = looksOf({ cells, show, of, domain, isLog }, panel.grid)
    const hatching = hatchingOf(context, density)
    paintChanges(context, before, looks, { columns, ...cell, colors, hatching })
    painted.current = { how, looks }
  })

  const pieces = useMemo(() => {
    const { value, low, high } = cells.estimates[of] ?? { value: [], low: [], high: [] }
    if (level === null) return []
    return contourOf(columns, rows, level, {
      value: (at) => value[panel.grid[at]!] ?? null,
      interval: (at) => [low[panel.grid[at]!] ?? null, high[panel.grid[at]!] ?? null],
    })
  }, [cells, of, level, columns, rows, panel])
  const lineOf = (isSure: boolean): string =>
    pieces
      .filter((piece) => piece.isSure === isSure)
      .map(({ from, to }) => `M${from[0]},${rows - from[1]}L${to[0]},${rows - to[1]}`)
      .join('')
  const box = (name: string, { x: [left, right], y: [low, high] }: Rectangle) => (
    <rect className={name} x={left} y={rows - 1 - high} width={right - left + 1} height={high - low + 1} />
  )
  const ticksOf = (axis: ViewAxis, count: number) => ({ name: axis.name, ticks: cellTicks(axis, count) })
  const known = panel.grid.filter((each) => each >= 0).length
  const names = [x, y].flatMap((axis) => (axis === null ? [] : [axis.name])).join(' and ')
  return (
    <CellFrame
      {...props}
      {...size}
      label={`Map of ${counted(known)} cells over ${names}${panelText(map, panel)}`}
      left={y === null ? null : ticksOf(y, size.height / 22)}
      below={ticksOf(x, size.width / 56)}
      columnAt={(share) => Math.min(columns - 1, Math.max(0, Math.floor(share * columns)))}
    >
      {(cursor) => (
        <>
          <canvas ref={canvas} />
          <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" className="map-lines" aria-hidden="true">
            {['contour', 'contour contour-unsure'].map((name, at) => (
              <g key={name} className={name}>
                <path className="contour-edge" d={lineOf(at === 0)} />
                <path d={lineOf(at === 0)} />
              </g>
            ))}
            {selected !== null && box('cells-selected', selected)}
            {cursor !== null &&
              box('cells-cursor', {
                x: [cursor % columns, cursor % columns],
                y: [Math.floor(cursor / columns), Math.floor(cursor / columns)],
              })}
          </svg>
        </>
      )}
    </CellFrame>
  )
}
