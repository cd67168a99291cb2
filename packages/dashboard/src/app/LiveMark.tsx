import { useLive } from '../live/liveness.tsx'
import { clockText } from '../parts/format.ts'

export function LiveMark() {
  const { liveness, pausedByReader, pause } = useLive()
  if (liveness.kind === 'idle') return null
  const words = {
    live: () => 'live',
    polling: () => (liveness.kind === 'polling' ? `polling every ${liveness.everySeconds} s` : ''),
    paused: () => 'paused',
    lost: () => (liveness.kind === 'lost' ? `no connection since ${clockText(liveness.since)}` : ''),
  }[liveness.kind]()
  return (
    <span className={`live live-${liveness.kind}`}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{words}</span>
      <button type="button" className="small" onClick={() => pause(!pausedByReader)}>
        {pausedByReader ? 'Resume' : 'Pause'}
      </button>
    </span>
  )
}
