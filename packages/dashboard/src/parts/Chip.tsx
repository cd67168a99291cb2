import type { SweepState } from '@driftfarm/spec'

/** Each state of a sweep has a sign too: colour alone tells not everybody. */
const signs: Readonly<Record<SweepState, string>> = {
  planned: '○',
  running: '▶',
  paused: '❚❚',
  interrupted: '!',
  stopped: '■',
  cancelled: '✕',
  incomplete: '!',
  complete: '✓',
}

export function StateChip({ state }: { readonly state: SweepState }) {
  return (
    <span className={`chip chip-${state}`}>
      <span aria-hidden="true">{signs[state]} </span>
      {state}
    </span>
  )
}
