import type { StatusData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/documentOrigin.tsx'
import { useLive } from '../../live/liveness.tsx'
import { Lanes } from '../../parts/Lanes.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Throughput } from '../../parts/Throughput.tsx'

export function WorkTab({ sweep }: { readonly sweep: StatusData }) {
  const source = useSource()
  const { isPaused } = useLive()
  const { data, error } = useQuery({
    queryKey: ['recent', sweep.id],
    queryFn: () => source.recent({ sweep: sweep.id }),
    refetchInterval: isPaused ? false : 5_000,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Waiting>Loading recent activity</Waiting>
  if (data.bins.length === 0)
    return (
      <p className="empty">
        No trials of this sweep were computed in the last ten minutes. Recent work appears here while the sweep runs.
      </p>
    )
  return (
    <section aria-label="Recent activity">
      <Throughput recent={data} />
      <Lanes recent={data} />
    </section>
  )
}
