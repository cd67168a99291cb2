import { type CellsData, cellStates, colorAt, countText, hex } from '@driftfarm/report'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { contextOf } from '../../parts/canvas.ts'
import { counted, intervalText, numberText, pathText, valueText } from '../../parts/format.ts'
import { useFigureColors } from '../../parts/theme.ts'
import { useWidth } from '../../parts/useWidth.ts'
import type { Mapped } from './mapping.ts'
import { type MapContents, paintMap, shareIn, stateColors } from './paintMap.ts'

interface PhaseMapProps extends MapContents {
  open(index: number): void
}

const leftMargin = 72

export function PhaseMap({ cells, map, show, of, domain, isLog, open }: PhaseMapProps) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = Math.max(120, useWidth(frame) - leftMargin)
  const [columns, rows] = [map.xs.length, map.ys.length]
  const height = map.y === null ? 64 : Math.round(Math.min(520, Math.max(120, Math.min(width * 0.6, rows * 48))))
  const colors = useFigureColors()
  const [cursor, setCursor] = useState<number | null>(null)

  useEffect(() => {
    const context = contextOf(canvas.current, width, height)
    if (context === null) return
    paintMap(context, { cells, map, show, of, domain, isLog, colors, width, height, cursor })
  }, [cells, map, show, of, domain, isLog, colors, width, height, cursor])

  const placeAt = ({ nativeEvent: { offsetX, offsetY } }: PointerEvent): number => {
    const column = Math.min(columns - 1, Math.max(0, Math.floor((offsetX / width) * columns)))
    const row = Math.min(rows - 1, Math.max(0, rows - 1 - Math.floor((offsetY / height) * rows)))
    return row * columns + column
  }
  const openAt = (place: number | null): void => {
    const at = place === null ? -1 : map.grid[place]!
    if (at >= 0) open(cells.index[at]!)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      openAt(cursor)
      return
    }
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const from = cursor ?? 0
    const column = Math.min(columns - 1, Math.max(0, (from % columns) + (cursor === null ? 0 : step[0]!)))
    const row = Math.min(rows - 1, Math.max(0, Math.floor(from / columns) + (cursor === null ? 0 : step[1]!)))
    setCursor(row * columns + column)
  }
  const summary = useMemo(() => (cursor === null ? null : wordsOf(cells, map, cursor, of)), [cells, map, cursor, of])
  const axes = [map.x, map.y].filter((path) => path !== null).map(pathText)
  const name = `Map of ${counted(cells.total)} cells over ${axes.join(' and ')}`
  return (
    <div className="phase-map" ref={frame}>
      <div className="map-grid">
        <AxisLabels values={map.ys} side="left" size={height} name={map.y} />
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the arrow keys select cells */}
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="application"
          aria-roledescription="map"
          aria-label={`${name}. Use the arrow keys to select a cell and Enter to open it.`}
          tabIndex={0}
          onPointerMove={(event) => setCursor(placeAt(event))}
          onPointerLeave={() => setCursor(null)}
          onClick={() => openAt(cursor)}
          onKeyDown={press}
          onFocus={() => setCursor((old) => old ?? 0)}
        />
        <AxisLabels values={map.xs} side="below" size={width} name={map.x} />
      </div>
      <p className="map-cell-text" role="status">
        {summary ?? 'Select a cell with the pointer or the arrow keys. To open the cell, click or press Enter.'}
      </p>
    </div>
  )
}

function wordsOf(cells: CellsData, map: Mapped, place: number, of: string): string {
  const at = map.grid[place]!
  const [column, row] = [place % map.xs.length, Math.floor(place / map.xs.length)]
  const where = [
    `${pathText(map.x)} ${valueText(map.xs[column])}`,
    ...(map.y === null ? [] : [`${pathText(map.y)} ${valueText(map.ys[row])}`]),
  ].join(', ')
  if (at < 0) return `${where}: no cell`
  const estimate = cells.estimates[of]
  const [value, low, high] = [estimate?.value[at], estimate?.low[at], estimate?.high[at]]
  const known =
    value === null || value === undefined
      ? 'no finite estimate yet'
      : `${of} ${numberText(value)} ${intervalText(low, high)}`
  const doubt = cells.doubt[at] === null ? '' : `, ${cells.doubt[at]}`
  const shared = cells.shared[at] === 1 ? ', shared with another sweep' : ''
  const is = `${stateWords[cells.state[at]!]}${doubt}${shared}`
  return `Cell ${cells.index[at]}, ${where}: ${known}, ${counted(cells.trials[at]!)} trials, ${is}`
}

export const stateWords = {
  waiting: 'waiting',
  running: 'running',
  open: 'target not reached yet',
  met: 'target reached',
  max: 'stopping rule not met',
  failed: 'failed',
} as const

interface AxisProps {
  readonly values: readonly unknown[]
  readonly side: 'left' | 'below'
  /** Length of the axis in pixels. */
  readonly size: number
  readonly name: string | null
}

export function AxisLabels({ values, side, size, name }: AxisProps) {
  const room = side === 'left' ? 22 : 64
  const every = Math.max(1, Math.ceil((values.length * room) / size))
  return (
    <div className={`axis axis-${side}`} style={{ [side === 'left' ? 'height' : 'width']: size }} aria-hidden="true">
      {name !== null && <span className="axis-name">{pathText(name)}</span>}
      {name !== null &&
        values.map((value, at) =>
          at % every !== 0 ? null : (
            <span
              key={JSON.stringify(value)}
              className="tick"
              style={{ [side === 'left' ? 'bottom' : 'left']: `${((at + 0.5) / values.length) * 100}%` }}
            >
              {valueText(value)}
            </span>
          ),
        )}
    </div>
  )
}

const steps = 32

export function ColorKey({ show, of, domain, isLog, cells }: Omit<MapContents, 'map'>) {
  if (show === 'state') {
    const count = (state: (typeof cellStates)[number]) => cells.state.filter((each) => each === state).length
    const shown = cellStates.map((state) => [state, count(state)] as const).filter(([, cells]) => cells > 0)
    return (
      <ul className="key" aria-label="Colours">
        {shown.map(([state, cells]) => (
          <li key={state}>
            <span className="swatch" style={{ background: stateColors[state] }} /> {stateWords[state]}: {counted(cells)}
          </li>
        ))}
      </ul>
    )
  }
  const label = show === 'value' ? of : show === 'width' ? `interval width of ${of}` : 'trials'
  const unmet = cells.state.filter((state) => state !== 'met').length
  if (domain === null) return <p className="faint">Nothing to colour yet: {label} has no finite value in any cell.</p>
  const signs = unmet > 0 && (
    <span className="faint">
      hatched: target not reached ({countText(unmet, 'cell')}); ? doubtful, ! wrong, ✕ failed
    </span>
  )
  if (domain[0] === domain[1])
    return (
      <div className="key">
        <span className="swatch" style={{ background: hex(colorAt(shareIn(domain[0], domain, isLog))) }} />
        <span>
          {label}: {numberText(domain[0])} in every cell that has a value
        </span>
        {signs}
      </div>
    )
  return (
    <div className="key">
      <span>{label}</span> <span>{numberText(domain[0])}</span>
      <svg
        className="ramp"
        viewBox={`0 0 ${steps} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label} from ${numberText(domain[0])} to ${numberText(domain[1])}${isLog ? ', logarithmic' : ''}`}
      >
        {Array.from({ length: steps }, (_, at) => (
          <rect key={at} x={at} y="0" width="1.05" height="1" fill={hex(colorAt(at / (steps - 1)))} />
        ))}
      </svg>
      <span>{numberText(domain[1])}</span>
      {signs}
    </div>
  )
}
