import { type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { counted } from '../../parts/format.ts'
import { useFigureColors } from '../../parts/theme.ts'
import { AxisLabels } from './AxisLabels.tsx'
import { cellLines, sentenceOf } from './cellWords.ts'
import { contourOf } from './contour.ts'
import type { Mapped, Panel } from './mapping.ts'
import { hatchingOf, looksOf, type MapContents, paintChanges } from './paintMap.ts'
import { Tip } from './Tip.tsx'
import { type Rectangle, useCellPointer } from './useCellPointer.ts'

interface PhaseMapProps extends MapContents {
  readonly map: Mapped
  readonly panel: Panel
  /** The room for the cells in pixels. */
  readonly width: number
  readonly height: number
  /** The value at which a contour line is drawn; null for none. */
  readonly level: number | null
  readonly selected: Rectangle | null
  open(index: number): void
  select(rectangle: Rectangle | null): void
  /** Says what is known of the cell under the cursor. */
  say(text: string | null): void
}

/** Larger cells would say nothing more. */
const largest = { width: 160, height: 72 } as const

export function PhaseMap(props: PhaseMapProps) {
  const { map, panel, cells, show, of, domain, isLog, level, selected, open, select, say } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const painted = useRef<{ readonly how: string; readonly looks: Int32Array } | null>(null)
  const colors = useFigureColors()
  const { x, y } = map
  const [columns, rows] = [x.values.length, y?.values.length ?? 1]
  const density = devicePixelRatio || 1
  const pixels = (room: number, count: number, most: number): number =>
    Math.max(1, Math.floor((Math.min(room / count, most) || 1) * density))
  const cell = {
    width: pixels(props.width, columns, largest.width),
    height: pixels(props.height, rows, largest.height),
  }
  const [width, height] = [(columns * cell.width) / density, (rows * cell.height) / density]

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const how = JSON.stringify([columns, rows, cell, colors.paper])
    const before = painted.current?.how === how ? painted.current.looks : null
    if (before === null) {
      element.width = columns * cell.width
      element.height = rows * cell.height
    }
    const looks = looksOf({ cells, show, of, domain, isLog }, panel.grid)
    const hatching = hatchingOf(context, colors.paper, density)
    paintChanges(context, before, looks, { columns, ...cell, colors, hatching })
    painted.current = { how, looks }
  })

  const place = useCellPointer({
    columns,
    rows,
    placeAt({ clientX, clientY }: PointerEvent) {
      const { left, top, width, height } = canvas.current!.getBoundingClientRect()
      const within = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
      const row = rows - 1 - within((clientY - top) / height, rows)
      return row * columns + within((clientX - left) / width, columns)
    },
    open(at) {
      if (panel.grid[at]! >= 0) open(cells.index[panel.grid[at]!]!)
    },
    select,
  })
  const { cursor, pointer } = place
  const lines = useMemo(
    () => (cursor === null ? null : cellLines(cells, map, panel, cursor, of)),
    [cells, map, panel, cursor, of],
  )
  const text = lines === null ? null : sentenceOf(lines)
  useEffect(() => say(text), [say, text])

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
  const box = ({ x: [left, right], y: [low, high] }: Rectangle) => (
    <rect x={left} y={rows - 1 - high} width={right - left + 1} height={high - low + 1} />
  )
  const at = cursor === null ? null : ([cursor % columns, Math.floor(cursor / columns)] as const)
  const names = [x, y].flatMap((axis) => (axis === null ? [] : [axis.name])).join(' and ')
  const third = map.third === null ? '' : ` for ${map.third.name} ${map.third.labelOf(panel.at)}`
  return (
    <div className="map-grid">
      {y === null ? <span /> : <AxisLabels axis={y} side="left" size={height} />}
      <div className="map-cells" style={{ width, height }}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the arrow keys select cells */}
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="application"
          aria-roledescription="map"
          aria-label={
            `Map of ${counted(panel.grid.filter((each) => each >= 0).length)} cells over ${names}${third}. Use the ` +
            'arrow keys to move, Enter to open a cell, Shift with an arrow key to select cells.'
          }
          tabIndex={0}
          {...place.handlers}
        />
        <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
          {[true, false].map((isSure) => (
            <g key={String(isSure)} className={isSure ? 'contour' : 'contour contour-unsure'}>
              <path className="contour-edge" d={lineOf(isSure)} />
              <path d={lineOf(isSure)} />
            </g>
          ))}
          {selected !== null && <g className="map-selected">{box(selected)}</g>}
          {at !== null && <g className="map-cursor">{box({ x: [at[0], at[0]], y: [at[1], at[1]] })}</g>}
        </svg>
      </div>
      <AxisLabels axis={x} side="below" size={width} />
      {pointer !== null && lines !== null && <Tip pointer={pointer} lines={lines} />}
    </div>
  )
}
