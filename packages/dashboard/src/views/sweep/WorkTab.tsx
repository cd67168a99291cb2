import type { StatusData } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { Activity } from '../../parts/Activity.tsx'
import { Waiting } from '../../parts/states.tsx'

export function WorkTab({ sweep }: { readonly sweep: StatusData }) {
  const { data, error } = useAnswer('recent', { sweep: sweep.id }, { everyMs: () => 5_000 })
  if (error !== null || data === undefined) return <Waiting error={error}>Loading recent activity</Waiting>
  if (data.bins.length === 0)
    return (
      <p className="empty">
        No trials of this sweep were computed in the last ten minutes. Recent work appears here while the sweep runs.
      </p>
    )
  return (
    <section aria-label="Recent activity">
      <Activity recent={data} />
    </section>
  )
}
