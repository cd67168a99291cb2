import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { differences } from './form.ts'
import type { Original } from './useDraft.ts'

interface Props {
  readonly original: Original
  readonly text: string
}

/** Says what differs from the sweep whose spec was copied. */
export function Changed({ original: { id, name, spec }, text }: Props) {
  const changes = useMemo(() => differences(spec, text), [spec, text])
  return (
    <div className="notice" role="status">
      A changed copy of{' '}
      <Link to="/sweeps/$ref" params={{ ref: id }}>
        {name}
      </Link>
      {changes.length === 0 ? '. Nothing differs: a farm has this sweep already.' : '. Different settings:'}
      <ul>
        {changes.map(([path, old, now]) => (
          <li key={path}>
            <code>{path}</code> {old ?? 'not set'} → {now ?? 'not set'}
          </li>
        ))}
      </ul>
    </div>
  )
}
