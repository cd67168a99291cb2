import type { CellsData, LiveSweep } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/documentOrigin.tsx'

/**
 * The cells of a sweep, from the event stream. If there are too many cells for the stream, they are requested
 * separately.
 */
export function useCells(live: LiveSweep | null): CellsData | null {
  const source = useSource()
  const id = live?.status.id
  const asks = live !== null && live.cells === null
  const { data } = useQuery({
    queryKey: ['cells', id, live?.status.trials.done, live?.status.state],
    queryFn: () => source.cells({ sweep: id! }),
    enabled: asks,
    placeholderData: (before) => before,
    staleTime: 15_000,
  })
  return live?.cells ?? (asks ? (data ?? null) : null)
}
