import type { LiveSweep } from '@driftfarm/report'
import { useDesk } from './desk.tsx'
import { type Streamed, useLiveStream } from './useLiveStream.ts'

/** A sweep as it goes on, by its name or id. */
export function useLiveSweep(ref: string): Streamed<LiveSweep> {
  const desk = useDesk()
  return useLiveStream(
    `sweep ${ref}`,
    (options) => desk.live(ref, options),
    async () => ({ status: await desk.status(ref), cells: await desk.cells(ref) }),
  )
}
