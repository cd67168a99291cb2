import { labelledTicks, numberAxis } from '@driftfarm/report'
import type { ReactNode } from 'react'
import { numberText } from '../../parts/format.ts'

const [width, height, left, bottom, right, top] = [480, 320, 52, 42, 22, 12] as const

interface Place {
  readonly x: number
  readonly value: number
}

interface Props {
  readonly name: string
  readonly xName: string
  readonly points: readonly (Place & { readonly low: number; readonly high: number })[]
  /** Exact values, drawn dashed; empty if they are not known. */
  readonly exact: readonly Place[]
  /** The caption. */
  readonly children: ReactNode
}

/** Estimates of a probability with their intervals, from 0 up. */
export function Curve({ name, xName, points, exact, children }: Props) {
  const last = points.at(-1)
  const end = last?.x ?? 1
  const most = Math.max(0.02, ...points.map(({ high }) => high), ...exact.map(({ value }) => value))
  const x = (place: number): number => left + (place / end) * (width - left - right)
  const y = (value: number): number => height - bottom - (value / most) * (height - bottom - top)
  const line = (of: readonly Place[]) => of.map((each) => `${x(each.x).toFixed(1)},${y(each.value).toFixed(1)}`)
  const band = [
    ...line(points.map((point) => ({ x: point.x, value: point.high }))),
    ...line(points.map((point) => ({ x: point.x, value: point.low }))).reverse(),
  ]
  const [across, up] = [end, most].map((last) => labelledTicks(numberAxis('', [0, last]), 5))
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${name}; ${numberText(last?.value)} at ${xName} ${end}`}
        className="play-curve"
      >
        {up!.map(({ at, text }) => (
          <g key={at}>
            <line x1={left} x2={width - right} y1={y(at * most)} y2={y(at * most)} className="grid" />
            <text x={left - 6} y={y(at * most)} className="tick-y">
              {text}
            </text>
          </g>
        ))}
        {across!.map(({ at, text }) => (
          <text key={at} x={x(at * end)} y={height - 24} className="tick-x">
            {text}
          </text>
        ))}
        <text x={(left + width) / 2} y={height - 7} className="tick-x">
          {xName}
        </text>
        <polygon points={band.join(' ')} className="band" />
        <polyline points={line(points).join(' ')} className="estimate" />
        {exact.length > 0 && <polyline points={line(exact).join(' ')} className="exact" />}
      </svg>
      <figcaption className="faint">{children}</figcaption>
    </figure>
  )
}
