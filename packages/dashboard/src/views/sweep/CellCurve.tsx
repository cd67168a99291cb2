import { labelledTicks } from '@driftfarm/report'
import { useMemo } from 'react'
import { cellTicks, isNumeric } from './axes.ts'
import { CellFrame, type CellViewProps } from './CellFrame.tsx'
import { panelText } from './cellWords.ts'
import { type CurvePoint, curveAxes, curvePoints, placesIn, pointsOn } from './curve.ts'
import type { MapView } from './mapView.ts'
import type { Overlaid } from './Overlays.tsx'

/** The estimate of the cells along one axis, and that of other sweeps. */
export function CellCurve(props: CellViewProps & MapView & { readonly overlays: readonly Overlaid[] }) {
  const { cells, map, panel, of, overlays, label, isLog, width, height, selected } = props
  const axis = map.x
  const isJoined = isNumeric(axis)
  const { own, over } = useMemo(
    () => ({
      own: map.panels.map(({ grid }) => curvePoints(cells, axis, grid, of, isLog)),
      over: overlays.map(({ cells: theirs, map: other }) =>
        other === null || theirs === null
          ? []
          : pointsOn(axis, other.x, curvePoints(theirs, other.x, other.panels[0]!.grid, of, isLog)),
      ),
    }),
    [cells, map, axis, of, isLog, overlays],
  )
  const curves = [own[panel.at]!, ...over]
  // All panels have the same axes.
  const axes = curveAxes(axis, [...own, ...over], props)
  const places = placesIn(axes, width, height)
  const last = axis.values.length - 1
  const xOf = (at: number): number => places.px(isJoined ? (axis.values[at] as number) : at)
  /** Halfway to the neighbour on one side. */
  const edge = (at: number, side: -1 | 1): number => {
    const next = Math.min(last, Math.max(0, at + side))
    return next === at ? xOf(at) + 6 * side : (xOf(at) + xOf(next)) / 2
  }
  const columnAt = (share: number): number => {
    const found = axis.values.findIndex((_, at) => share * width < edge(at, 1))
    return found < 0 ? last : found
  }
  const yTicks = labelledTicks(axes.y, 6)
  const room = Math.max(2, Math.floor(width / 80))
  return (
    <CellFrame
      {...props}
      label={`${[label, ...overlays.map(({ name }) => name)].join(', ')} over ${axis.name}${panelText(map, panel)}`}
      left={{ name: label, ticks: yTicks }}
      below={{ name: axis.name, ticks: isJoined ? labelledTicks(axes.x, room) : cellTicks(axis, room) }}
      columnAt={columnAt}
    >
      {(cursor) => (
        <svg viewBox={`0 0 ${width} ${height}`} className="curves" aria-hidden="true">
          {yTicks.map(({ at }) => (
            <line key={at} x2={width} y1={height * (1 - at)} y2={height * (1 - at)} className="curve-grid" />
          ))}
          {curves
            .map((points, at) => (
              <g key={overlays[at - 1]?.id ?? ''} className={`curve-${at + 1}`}>
                <Lines points={points} places={places} isJoined={isJoined} />
              </g>
            ))
            .reverse()}
          {selected !== null && (
            <rect
              className="cells-selected"
              x={edge(selected.x[0], -1)}
              width={edge(selected.x[1], 1) - edge(selected.x[0], -1)}
              height={height}
            />
          )}
          {cursor !== null && <line x1={xOf(cursor)} x2={xOf(cursor)} y2={height} className="cells-cursor" />}
        </svg>
      )}
    </CellFrame>
  )
}

interface LinesProps {
  readonly points: readonly CurvePoint[]
  readonly places: ReturnType<typeof placesIn>
  /** Whether neighbouring points are joined. Between categories there are no values. */
  readonly isJoined: boolean
}

/** More points than this would touch one another. */
const maxDots = 150

/** Intervals as a band or as bars, values as a line with dots. If a log axis has no place for 0, a limit is drawn. */
function Lines({ points, places: { px, py }, isJoined }: LinesProps) {
  const at = (x: number, value: number): string => `${px(x).toFixed(1)},${py(value).toFixed(1)}`
  const low = (point: CurvePoint) => at(point.x, point.low ?? Number.NEGATIVE_INFINITY)
  const high = (point: CurvePoint) => at(point.x, point.high ?? Number.POSITIVE_INFINITY)
  const shown = points.filter(({ isLimit }) => !isLimit)
  const dots = points.length <= maxDots || !isJoined
  const dotsOf = (some: readonly CurvePoint[]) => some.map(({ x, value }) => `M${at(x, value)}h0`).join('')
  return (
    <>
      {isJoined && (
        <>
          <polygon className="curve-band" points={[...points.map(high), ...points.toReversed().map(low)].join(' ')} />
          <polyline className="curve-line" points={shown.map(({ x, value }) => at(x, value)).join(' ')} />
        </>
      )}
      {dots && <path className="curve-bars" d={points.map((point) => `M${low(point)}L${high(point)}`).join('')} />}
      {dots && <path className="curve-dots" d={dotsOf(shown)} />}
      <path className="curve-hollow" d={dotsOf(shown.filter(({ isOpen }) => dots && isOpen))} />
      <path
        className="curve-limits"
        d={points.flatMap((point) => (point.isLimit ? [`M${high(point)}m-4,0h8l-4,6z`] : [])).join('')}
      />
    </>
  )
}
