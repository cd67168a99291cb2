import type { LiveFarm } from '@driftfarm/report'
import { usePlace } from './place.tsx'
import { type Streamed, useLiveStream } from './useLiveStream.ts'

/** All sweeps and the farm as they go on. */
export function useLiveFarm(): Streamed<LiveFarm> {
  const { source, isFarm } = usePlace()
  return useLiveStream(
    'everything',
    (options) => source.liveFarm(options),
    async () => ({ sweeps: await source.sweeps(), farm: isFarm ? await source.farm() : null }),
  )
}
