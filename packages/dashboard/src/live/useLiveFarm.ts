import type { LiveFarm } from '@driftfarm/report'
import { useDocumentOrigin } from './documentOrigin.tsx'
import { type Streamed, useLiveStream } from './useLiveStream.ts'

export function useLiveFarm(): Streamed<LiveFarm> {
  const { source, isFarm } = useDocumentOrigin()
  return useLiveStream(
    'everything',
    (options) => source.liveFarm(options),
    async () => ({ sweeps: await source.sweeps(), farm: isFarm ? await source.farm() : null }),
  )
}
