import type { LiveSweep } from '@driftfarm/report'
import { useSource } from './documentOrigin.tsx'
import { type Streamed, useLiveStream } from './useLiveStream.ts'

export function useLiveSweep(ref: string): Streamed<LiveSweep> {
  const source = useSource()
  return useLiveStream(
    `sweep ${ref}`,
    (options) => source.live(ref, options),
    async () => ({ status: await source.status({ sweep: ref }), cells: await source.cells({ sweep: ref }) }),
  )
}
