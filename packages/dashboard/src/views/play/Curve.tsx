import type { PlayResult } from '../../compute/playing.ts'
import { numberText } from '../../parts/format.ts'

const [width, height, left, bottom, right] = [480, 320, 48, 42, 22] as const

export function Curve({ play, steps }: { readonly play: PlayResult; readonly steps: number }) {
  const { curve, exactCurve, trials } = play
  const most = Math.max(0.02, ...curve.map(({ high }) => high), ...exactCurve.map(({ value }) => value))
  const x = (step: number): number => left + (step / steps) * (width - left - right)
  const y = (value: number): number => height - bottom - (value / most) * (height - bottom - 12)
  const line = (points: readonly { readonly step: number; readonly value: number }[]): string =>
    [{ step: 0, value: 0 }, ...points]
      .map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`)
      .join(' ')
  const band = [
    ...curve.map(({ step, high }) => `${x(step).toFixed(1)},${y(high).toFixed(1)}`),
    ...[...curve].reverse().map(({ step, low }) => `${x(step).toFixed(1)},${y(low).toFixed(1)}`),
  ].join(' ')
  const last = curve.at(-1)
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * most)
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Fraction of trials that have escaped by each step; ${numberText(last?.value)} at step ${steps}`}
        className="play-curve"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className="grid" />
            <text x={left - 6} y={y(tick)} className="tick-y">
              {numberText(Number(tick.toPrecision(2)))}
            </text>
          </g>
        ))}
        {[0, 0.5, 1].map((share) => (
          <text key={share} x={x(share * steps)} y={height - 24} className="tick-x">
            {Math.round(share * steps)}
          </text>
        ))}
        <text x={(left + width) / 2} y={height - 7} className="tick-x">
          step
        </text>
        <polygon points={band} className="band" />
        <polyline points={line(curve)} className="estimate" />
        {exactCurve.length > 0 && <polyline points={line(exactCurve)} className="exact" />}
      </svg>
      <figcaption className="faint">
        Fraction of {trials.toLocaleString()} trials that have escaped by each step, with 95 % confidence limits.
        {exactCurve.length > 0 ? ' The dashed line shows the exact values.' : ''}
      </figcaption>
    </figure>
  )
}
