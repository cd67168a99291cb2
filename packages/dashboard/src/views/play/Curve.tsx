import { linearTicks, tickFormat } from '@driftfarm/report'
import { useRef } from 'react'
import type { PlayResult } from '../../compute/playing.ts'
import { numberText } from '../../parts/format.ts'
import { useWidth } from '../../parts/useWidth.ts'

const [left, top, bottom, right] = [48, 12, 42, 22] as const

export function Curve({ play: { curve, exactCurve, trials } }: { readonly play: PlayResult }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = Math.max(200, useWidth(frame))
  const height = Math.round(Math.min(320, width * 0.67))
  const { step: steps, value: last } = curve.at(-1)!
  const most = Math.max(0.0005, ...curve.map(({ high }) => high), ...exactCurve.map(({ value }) => value))
  const x = (step: number): number => left + (step / steps) * (width - left - right)
  const y = (value: number): number => height - bottom - (value / most) * (height - bottom - top)
  const place = (step: number, value: number): string => `${x(step).toFixed(1)},${y(value).toFixed(1)}`
  const line = (points: readonly { readonly step: number; readonly value: number }[]): string =>
    [{ step: 0, value: 0 }, ...points].map(({ step, value }) => place(step, value)).join(' ')
  const band = [
    ...curve.map(({ step, high }) => place(step, high)),
    ...[...curve].reverse().map(({ step, low }) => place(step, low)),
  ].join(' ')
  const [across, up] = [linearTicks([0, steps], width / 90), linearTicks([0, most], height / 60)]
  const [stepText, valueText] = [tickFormat(across), tickFormat(up)]
  return (
    <figure>
      <div ref={frame}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Fraction of trials that have escaped by each step; ${numberText(last)} at step ${steps}`}
          className="play-curve"
        >
          {up.map((tick) => (
            <g key={tick}>
              <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className="grid" />
              <text x={left - 6} y={y(tick)} className="tick-y">
                {valueText(tick)}
              </text>
            </g>
          ))}
          {across.map((tick) => (
            <text key={tick} x={x(tick)} y={height - 24} className="tick-x">
              {stepText(tick)}
            </text>
          ))}
          <text x={(left + width - right) / 2} y={height - 7} className="tick-x">
            step
          </text>
          <polygon points={band} className="band" />
          <polyline points={line(curve)} className="estimate" />
          {exactCurve.length > 0 && <polyline points={line(exactCurve)} className="exact" />}
        </svg>
      </div>
      <figcaption className="faint">
        Fraction of {trials.toLocaleString()} trials that have escaped by each step, with 95 % confidence limits.
        {exactCurve.length > 0 ? ' The dashed line shows the exact values.' : ''}
      </figcaption>
    </figure>
  )
}
