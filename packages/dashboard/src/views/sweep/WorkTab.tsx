import type { StatusData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useLive } from '../../live/liveness.tsx'
import { useSource } from '../../live/place.tsx'
import { Failure } from '../../parts/Failure.tsx'
import { Lanes } from '../../parts/Lanes.tsx'
import { Throughput } from '../../parts/Throughput.tsx'
import { Waiting } from '../../parts/Waiting.tsx'

/** What was computed of a sweep lately, by whom, and what went wrong meanwhile. */
export function WorkTab({ sweep }: { readonly sweep: StatusData }) {
  const source = useSource()
  const { isPaused } = useLive()
  const { data, error } = useQuery({
    queryKey: ['recent', sweep.id],
    queryFn: () => source.recent(sweep.id),
    refetchInterval: isPaused ? false : 5_000,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Waiting>Reading what was computed</Waiting>
  if (data.bins.length === 0) return <p className="empty">Nothing of it was computed within the last ten minutes.</p>
  return (
    <section aria-label="What was computed lately">
      <Throughput recent={data} />
      <Lanes recent={data} />
    </section>
  )
}
