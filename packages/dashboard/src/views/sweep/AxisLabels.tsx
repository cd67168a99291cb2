import { pathText, valueText } from '../../parts/format.ts'

interface Props {
  readonly values: readonly unknown[]
  readonly side: 'left' | 'below'
  /** Length of the axis in pixels. */
  readonly size: number
  readonly name: string | null
}

export function AxisLabels({ values, side, size, name }: Props) {
  const room = side === 'left' ? 22 : 64
  const every = Math.max(1, Math.ceil((values.length * room) / size))
  return (
    <div
      className={`axis axis-${side}`}
      style={side === 'left' ? { height: size } : { width: size }}
      aria-hidden="true"
    >
      {name !== null && <span className="axis-name">{pathText(name)}</span>}
      {name !== null &&
        values.map((value, at) =>
          at % every !== 0 ? null : (
            <span
              key={JSON.stringify(value)}
              className="tick"
              style={
                side === 'left'
                  ? { bottom: `${((at + 0.5) / values.length) * 100}%` }
                  : { left: `${((at + 0.5) / values.length) * 100}%` }
              }
            >
              {valueText(value)}
            </span>
          ),
        )}
    </div>
  )
}
