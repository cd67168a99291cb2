import { type Figure, numberAxis } from '@driftfarm/report'
import type { ReactNode } from 'react'
import { Drawing } from '../../parts/FigureView.tsx'
import { numberText } from '../../parts/format.ts'

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

const along = { series: null, steps: false, text: '' } as const

/** Estimates of a probability with their intervals, from 0 up. */
export function Curve({ name, xName, points, exact, children }: Props) {
  const last = points.at(-1)
  const end = last?.x ?? 1
  const most = Math.max(0.02, ...points.map(({ high }) => high), ...exact.map(({ value }) => value))
  const line = (role: 'estimate' | 'exact', places: readonly Place[]) =>
    ({ ...along, type: 'line', role, points: places.map(({ x, value }) => ({ x, y: value })) }) as const
  const figure: Figure = {
    ...{ figure: 'curve', title: name, sweep: null, of: null, color: null, seriesTitle: null, series: [] },
    ...{ x: numberAxis(xName, [0, end]), y: numberAxis('probability', [0, most]), caption: [], panels: [] },
    layers: [{ ...along, type: 'band', role: 'interval', points }, line('estimate', points), line('exact', exact)],
  }
  return (
    <figure>
      <div role="img" aria-label={`${name}; ${numberText(last?.value)} at ${xName} ${end}`}>
        <Drawing figure={figure} maxHeight={360} />
      </div>
      <figcaption className="faint">{children}</figcaption>
    </figure>
  )
}
