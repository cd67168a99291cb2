import { countText, type RecentData } from '@driftfarm/report'
import { useEffect, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { counted } from './format.ts'
import { useFigureColors } from './theme.ts'
import { useWidth } from './useWidth.ts'

export function Throughput({ recent }: { readonly recent: RecentData }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const colors = useFigureColors()
  const series = useMemo(() => seriesOf(recent), [recent])
  useEffect(() => {
    if (width < 100) return
    const marks = recent.marks.map(({ at, kind }) => ({ x: Date.parse(at) / 1000, kind }))
    const axis = {
      stroke: colors.faint,
      grid: { stroke: colors.line, width: 1 },
      ticks: { stroke: colors.line, width: 1 },
    }
    const chart = new uPlot(
      {
        width,
        height: 200,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: true }, y: { range: (_, __, high) => [0, Math.max(1, high * 1.05)] } },
        axes: [axis, { ...axis, size: 60, values: (_, values) => values.map((value) => `${counted(value)}/s`) }],
        series: [
          {},
          {
            stroke: '#0072b2',
            fill: '#0072b233',
            width: 1.5,
            points: { show: false },
            paths: uPlot.paths.stepped!({ align: 1 }),
          },
        ],
        hooks: { draw: [(drawn) => drawMarks(drawn, marks)] },
      },
      series,
      frame.current!,
    )
    return () => chart.destroy()
  }, [series, recent, width, colors])
  const total = recent.bins.reduce((sum, { trials }) => sum + Number(trials), 0)
  const failures = recent.marks.filter(({ kind }) => kind === 'failure')
  const failed = countText(failures.length, 'failure')
  return (
    <figure className="throughput">
      <figcaption>
        Trials per second over the last ten minutes, {counted(total)} trials in total.{' '}
        {recent.marks.length > 0 && (
          <span className="faint">
            Vertical lines: process started (green), process stopped (grey), heartbeats lost (orange), failure (red).
          </span>
        )}
      </figcaption>
      <div
        ref={frame}
        role="img"
        aria-label={`Chart of trials per second: ${counted(total)} trials in ten minutes, ${failed}`}
      />
      {failures.length > 0 && (
        <ul className="faint">
          {failures.slice(-5).map(({ at, text }) => (
            <li key={`${at} ${text}`}>
              {new Date(at).toLocaleTimeString()}: {text}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

/** All time bins, including those without a batch. */
function seriesOf({ from, to, bins, binSeconds }: RecentData): uPlot.AlignedData {
  const byTime = new Map(bins.map(({ at, trials }) => [Date.parse(at) / 1000, Number(trials) / binSeconds]))
  const first = Math.ceil(Date.parse(from) / 1000 / binSeconds) * binSeconds
  const xs: number[] = []
  for (let x = first; x <= Date.parse(to) / 1000; x += binSeconds) xs.push(x)
  return [xs, xs.map((x) => byTime.get(x) ?? 0)]
}

const markColors: Readonly<Record<string, string>> = {
  began: '#009e73',
  left: '#888888',
  silent: '#d55e00',
  failure: '#c1121f',
}

function drawMarks(
  { ctx, bbox, valToPos }: uPlot,
  marks: readonly { readonly x: number; readonly kind: string }[],
): void {
  ctx.save()
  for (const { x, kind } of marks) {
    const at = Math.round(valToPos(x, 'x', true))
    ctx.strokeStyle = markColors[kind]!
    ctx.lineWidth = kind === 'failure' ? 2 : 1
    ctx.setLineDash(kind === 'failure' ? [] : [4, 3])
    ctx.beginPath()
    ctx.moveTo(at, bbox.top)
    ctx.lineTo(at, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
