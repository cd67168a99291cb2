import type { LiveFarm } from '@driftfarm/report'
import { useDesk } from './desk.tsx'
import { type Streamed, useLiveStream } from './useLiveStream.ts'

/** All sweeps and the farm as they go on. */
export function useLiveFarm(): Streamed<LiveFarm> {
  const desk = useDesk()
  return useLiveStream(
    'everything',
    (options) => desk.liveFarm(options),
    async () => ({ sweeps: await desk.sweeps(), farm: await desk.farm() }),
  )
}
