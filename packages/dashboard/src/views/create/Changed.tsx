import { useMemo } from 'react'
import { SweepLink } from '../../parts/links.tsx'
import { differences } from './form.ts'
import type { Original } from './useDraft.ts'

interface Props {
  readonly original: Original
  readonly text: string
  readonly hasFiles: boolean
}

/** Long lists are cut off. */
const short = (value: string | null): string =>
  value === null ? 'not set' : value.length > 100 ? `${value.slice(0, 100)}…` : value

/** Says what differs from the sweep whose spec was copied. */
export function Changed({ original: { id, name, spec }, text, hasFiles }: Props) {
  const changes = useMemo(() => differences(spec, text), [spec, text])
  return (
    <div className="notice" role="status">
      A changed copy of <SweepLink id={id}>{name}</SweepLink>
      {changes.length > 0 ? '. Different settings:' : '. Nothing differs: a farm has this sweep already'}
      {changes.length === 0 && (hasFiles ? ', unless a data file has changed.' : '.')}
      <ul>
        {changes.map(([path, old, now]) => (
          <li key={path}>
            <code>{path}</code> {short(old)} → {short(now)}
          </li>
        ))}
      </ul>
    </div>
  )
}
