import { colorAt, type GlanceData, hex, numberAxis, quantityOf, shareOf } from '@driftfarm/report'
import { useEffect, useRef } from 'react'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { numberText, pathText } from '../../parts/format.ts'
import type { Listed } from './listed.ts'

/** A small picture of the results of a sweep. Only sweeps in view request one. */
export function Glance({ sweep }: { readonly sweep: Listed }) {
  const done = useSlowly(sweep.trialsDone, 5_000)
  const following = { renewedBy: [done, sweep.state], staleTime: Number.POSITIVE_INFINITY }
  const { data } = useAnswer('glance', { sweep: sweep.id }, following)
  const known = data?.values.filter((value) => value !== null) ?? []
  if (data === undefined || known.length === 0) return null
  const [low, high] = [Math.min(...known), Math.max(...known)]
  if (data.values.length === 1) return numberText(low)
  const over = (sweep.axes ?? []).filter(({ count }) => count !== 1).map(({ path }) => pathText(path))
  const axes = over.slice(0, data.rows > 1 ? 2 : 1).join(' and ')
  const label = `${data.estimate} over ${axes}: ${numberText(low)} to ${numberText(high)}`
  // A map of probabilities has the colours of the view of its sweep. A line is logarithmic from a factor of 100 on.
  const isWhole = data.rows > 1 && quantityOf(data.estimate).isShare
  const isLog = !isWhole && low > 0 && high >= 100 * low
  const scale = numberAxis('', isWhole ? [0, 1] : [low, high], { scale: isLog ? 'log' : 'linear' })
  const Picture = data.rows > 1 ? Thumbnail : Sparkline
  return <Picture data={data} label={label} shareOf={(value) => shareOf(scale, value)} />
}

interface Props {
  readonly data: GlanceData
  readonly label: string
  shareOf(value: number): number
}

const [width, height, edge] = [72, 32, 3]

function Sparkline({ data: { values }, label, shareOf }: Props) {
  const x = (at: number) => edge + (at / (values.length - 1)) * (width - 2 * edge)
  const y = (value: number) => height - edge - shareOf(value) * (height - 2 * edge)
  const points = values.flatMap((value, at) => (value === null ? [] : [`${x(at)},${y(value)}`]))
  return (
    <svg className="glance" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.join(' ')} />
      {points.length === 1 && <circle cx={points[0]!.split(',')[0]} cy={points[0]!.split(',')[1]} r={2} />}
    </svg>
  )
}

function Thumbnail({ data, label, shareOf }: Props) {
  const { columns, rows, values } = data
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, columns, rows)
    for (const [at, value] of values.entries()) {
      if (value === null) continue
      context.fillStyle = hex(colorAt(shareOf(value)))
      context.fillRect(at % columns, rows - 1 - Math.floor(at / columns), 1, 1)
    }
  })
  return (
    <canvas ref={canvas} className="glance" width={columns} height={rows} role="img" aria-label={label} title={label} />
  )
}
