import { cellTicks, type ViewAxis } from './axes.ts'

interface AxisProps {
  readonly axis: ViewAxis
  readonly side: 'left' | 'below'
  /** Length of the axis in pixels. */
  readonly size: number
}

/** Width and height of the text of a tick in pixels, with the space around it. */
const room = { left: 22, below: 56 } as const

/** The ticks and the name of an axis of a map. The map itself says its values to screen readers. */
export function AxisLabels({ axis, side, size }: AxisProps) {
  const ticks = cellTicks(axis, Math.floor(size / room[side]))
  return (
    <div className={`axis axis-${side}`} style={{ [side === 'left' ? 'height' : 'width']: size }} aria-hidden="true">
      <span className="axis-name">{axis.name}</span>
      {ticks.map(({ at, text }) => (
        <span key={at} className="tick" title={text} style={{ [side === 'left' ? 'bottom' : 'left']: `${at * 100}%` }}>
          {text}
        </span>
      ))}
    </div>
  )
}
