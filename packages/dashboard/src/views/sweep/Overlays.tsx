import type { StatusData } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, Select } from '../../parts/controls.tsx'
import { maxOverlays, type Overlaid } from './useOverlays.ts'

interface OverlaysProps {
  readonly sweep: StatusData
  /** The name of the axis. */
  readonly axis: string
  readonly overlays: readonly Overlaid[]
  choose(ids: readonly string[]): void
}

/** The legend of a curve, and a list from which other sweeps are added to it. */
export function Overlays({ sweep, axis, overlays, choose }: OverlaysProps) {
  const { data } = useAnswer('sweeps', {})
  const ids = overlays.map(({ id }) => id)
  const others = (data?.sweeps ?? []).filter(({ id }) => id !== sweep.id && !ids.includes(id))
  if (others.length === 0 && overlays.length === 0) return null
  const swatch = (at: number) => <span className="swatch" style={{ background: `var(--figure-${at + 1})` }} />
  return (
    <ul className="key" aria-label="Curves">
      {overlays.length > 0 && (
        <li>
          {swatch(0)} {sweep.name}
        </li>
      )}
      {overlays.map(({ id, name, cells, map }, at) => (
        <li key={id}>
          {swatch(at + 1)} {name}
          {cells === null ? ' (loading)' : map === null ? ` (cannot be drawn: its only axis is not ${axis})` : ''}{' '}
          <Button
            label="Remove"
            aria-label={`Remove the curve of ${name}`}
            small
            onClick={() => choose(ids.filter((each) => each !== id))}
          />
        </li>
      ))}
      {others.length > 0 && overlays.length < maxOverlays && (
        <li>
          <Select
            label="Draw over it"
            value=""
            options={[
              ['', 'another sweep'],
              ...others.map(({ id, name, newest }) => [id, newest ? name : `${name} (${id.slice(0, 8)})`] as const),
            ]}
            choose={(id) => choose([...ids, id])}
          />
        </li>
      )}
    </ul>
  )
}
