import { labelledTicks } from '@driftfarm/report'
import { type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { cellTicks } from './axes.ts'
import { CurveLines } from './CurveLines.tsx'
import { cellLines, sentenceOf } from './cellWords.ts'
import { type CurvePoint, curveAxes, curvePoints, placesIn, pointsOn } from './curve.ts'
import type { Mapped } from './mapping.ts'
import type { MapContents } from './paintMap.ts'
import { Tip } from './Tip.tsx'
import { type Rectangle, useCellPointer } from './useCellPointer.ts'
import type { Overlaid } from './useOverlays.ts'

interface CellCurveProps extends Pick<MapContents, 'cells' | 'of' | 'isLog'> {
  readonly map: Mapped
  readonly overlays: readonly Overlaid[]
  /** The name of the estimate, such as `P(escape)`. */
  readonly label: string
  readonly isShare: boolean
  readonly width: number
  readonly selected: Rectangle | null
  open(index: number): void
  select(rectangle: Rectangle | null): void
  say(text: string | null): void
}

const height = 400
const margin = { left: 72, right: 12, top: 10, bottom: 44 } as const

/** The estimate of the cells along the only axis of a sweep. */
export function CellCurve(props: CellCurveProps) {
  const { cells, map, of, overlays, label, isShare, isLog, width, selected, open, select, say } = props
  const drawing = useRef<SVGSVGElement>(null)
  const axis = map.x
  const [panel] = map.panels
  const { grid } = panel!
  const points = useMemo(() => curvePoints(cells, axis, grid, of), [cells, axis, grid, of])
  const curves = useMemo(
    () =>
      overlays.map(({ cells: theirs, map: other }): readonly CurvePoint[] =>
        other === null || theirs === null
          ? []
          : pointsOn(axis, other.x, curvePoints(theirs, other.x, other.panels[0]!.grid, of)),
      ),
    [overlays, axis, of],
  )
  const axes = curveAxes(axis, [points, ...curves], { label, isShare, isLog })
  const frame = {
    left: margin.left,
    top: margin.top,
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
  }
  const places = placesIn(axes, frame)
  const { px } = places
  const bottom = height - margin.bottom
  const isNumeric = axis.scale.domain !== null
  const xOf = (at: number): number => px(isNumeric ? (axis.values[at] as number) : at)
  const nearest = (x: number): number => {
    let [low, high] = [0, axis.values.length - 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (x < (xOf(middle) + xOf(middle + 1)) / 2) high = middle
      else low = middle + 1
    }
    return low
  }
  const { cursor, pointer, handlers } = useCellPointer({
    columns: axis.values.length,
    rows: 1,
    placeAt: ({ clientX }: PointerEvent) => nearest(clientX - drawing.current!.getBoundingClientRect().left),
    open(at) {
      if (grid[at]! >= 0) open(cells.index[grid[at]!]!)
    },
    select,
  })
  const lines = useMemo(() => {
    if (cursor === null) return null
    const x = isNumeric ? axis.values[cursor] : cursor
    const overlaid = curves.flatMap((curve, at) =>
      curve
        .filter((point) => point.x === x)
        .map(({ value, low, high }) => `${overlays[at]!.name}: ${of} ${numberText(value)} ${intervalText(low, high)}`),
    )
    return [...cellLines(cells, map, panel!, cursor, of), ...overlaid]
  }, [cells, map, panel, cursor, of, curves, overlays, isNumeric, axis])
  const text = lines === null ? null : sentenceOf(lines)
  useEffect(() => say(text), [say, text])
  const edge = (at: number, side: -1 | 1): number => {
    const next = Math.min(axis.values.length - 1, Math.max(0, at + side))
    return next === at ? xOf(at) + 6 * side : (xOf(at) + xOf(next)) / 2
  }
  const xTicks = isNumeric
    ? labelledTicks(axes.x, Math.max(2, Math.floor(frame.width / 80)))
    : cellTicks(axis, Math.floor(frame.width / 80))
  const drawn = [points, ...curves]
  const overlaid = overlays.map(({ name }) => name).join(', ')
  return (
    <div className="cell-curve">
      <svg
        ref={drawing}
        width={width}
        height={height}
        role="application"
        aria-roledescription="curve"
        aria-label={
          `${label} of ${counted(points.length)} cells over ${axis.name}${overlaid && `, with ${overlaid}`}. Use the ` +
          'arrow keys to move, Enter to open a cell, Shift with an arrow key to select cells.'
        }
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move along the curve
        tabIndex={0}
        {...handlers}
      >
        <rect x={frame.left} y={frame.top} width={frame.width} height={frame.height} className="curve-frame" />
        {labelledTicks(axes.y, 6).map(({ at, text }) => (
          <g key={text} transform={`translate(0,${bottom - at * frame.height})`}>
            <line x1={frame.left} x2={frame.left + frame.width} className="curve-grid" />
            <text x={frame.left - 6} dy="0.32em" textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        {xTicks.map(({ at, text }) => (
          <g key={text} transform={`translate(${frame.left + at * frame.width},${bottom})`}>
            <line y2="5" className="curve-grid" />
            <text y="18" textAnchor="middle">
              {text}
            </text>
          </g>
        ))}
        <text x={frame.left + frame.width / 2} y={height - 6} textAnchor="middle" className="curve-name">
          {axis.name}
        </text>
        <text
          transform={`translate(13,${frame.top + frame.height / 2})rotate(-90)`}
          className="curve-name curve-name-y"
        >
          {label}
        </text>
        {selected !== null && (
          <rect
            className="curve-selected"
            x={edge(selected.x[0], -1)}
            width={edge(selected.x[1], 1) - edge(selected.x[0], -1)}
            y={frame.top}
            height={frame.height}
          />
        )}
        {drawn.toReversed().map((each, back) => {
          const at = drawn.length - 1 - back
          const color = `var(--figure-${(at % 8) + 1})`
          const area = { bottom, top: frame.top, isJoined: isNumeric, places, color }
          return <CurveLines key={overlays[at - 1]?.id ?? ''} points={each} {...area} />
        })}
        {cursor !== null && (
          <line x1={xOf(cursor)} x2={xOf(cursor)} y1={frame.top} y2={bottom} className="curve-cursor" />
        )}
      </svg>
      {pointer !== null && lines !== null && <Tip pointer={pointer} lines={lines} />}
    </div>
  )
}
