import type { SweepState } from '@driftfarm/spec'

/** A symbol for each state of a sweep, because not every reader can distinguish colours. */
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
