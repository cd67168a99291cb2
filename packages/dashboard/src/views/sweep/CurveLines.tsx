import type { CurvePoint, placesIn } from './curve.ts'

interface CurveLinesProps {
  readonly points: readonly CurvePoint[]
  readonly places: ReturnType<typeof placesIn>
  readonly color: string
  /** Whether neighbouring points are joined. Between categories there are no values. */
  readonly isJoined: boolean
  readonly bottom: number
  readonly top: number
}

/** More points than this would touch one another. */
const maxDots = 150

/** An estimate along an axis: its interval as a band, its value as a line with points. */
export function CurveLines({ points, places: { px, py, has }, color, isJoined, bottom, top }: CurveLinesProps) {
  const at = (x: number, y: number): string => `${px(x).toFixed(1)},${y.toFixed(1)}`
  const lowest = ({ low }: CurvePoint): number => (low === null || !has(low) ? bottom : py(low))
  const highest = ({ high }: CurvePoint): number => (high === null ? top : py(high))
  const shown = points.filter(({ value }) => has(value))
  const dots = points.length <= maxDots
  return (
    <g fill={color} stroke={color}>
      {isJoined ? (
        <>
          <polygon
            className="curve-band"
            points={[
              ...points.map((point) => at(point.x, highest(point))),
              ...points.toReversed().map((point) => at(point.x, lowest(point))),
            ].join(' ')}
          />
          <polyline className="curve-line" points={shown.map(({ x, value }) => at(x, py(value))).join(' ')} />
        </>
      ) : null}
      {(dots || !isJoined) && (
        <path
          className="curve-bars"
          d={points.map((point) => `M${at(point.x, lowest(point))}L${at(point.x, highest(point))}`).join('')}
        />
      )}
      {points.map((point) =>
        has(point.value) ? (
          (dots || point.doubt !== null) && (
            <circle
              key={point.x}
              className={point.isMet && point.doubt === null ? 'curve-dot' : 'curve-dot curve-hollow'}
              cx={px(point.x)}
              cy={py(point.value)}
              r={point.doubt === 'wrong' ? 5 : 3.5}
            />
          )
        ) : (
          <path key={point.x} d={`M${at(point.x, highest(point))}m-4,0h8l-4,6z`} />
        ),
      )}
    </g>
  )
}
