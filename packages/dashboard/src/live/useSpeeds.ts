import type { SweepListData } from '@driftfarm/report'
import { isLive } from '@driftfarm/spec'
import { useEffect, useRef, useState } from 'react'
import { Rate } from './rate.ts'

type Counted = Pick<SweepListData['sweeps'][number], 'id' | 'state' | 'trialsDone'>

/** The speeds of sweeps that are planned or running, in trials per second by id; null until a speed is known. */
export function useSpeeds(sweeps: readonly Counted[]): ReadonlyMap<string, number | null> {
  const rates = useRef(new Map<string, Rate>())
  const [, look] = useState(0)
  const live = sweeps.filter(({ state }) => isLive(state))
  useEffect(() => {
    // Without this timer, the speeds shown would not decrease when trials stop arriving.
    const timer = live.length > 0 ? setInterval(() => look(performance.now()), 2_000) : undefined
    return () => clearInterval(timer)
  }, [live.length > 0])
  rates.current = new Map(live.map(({ id }) => [id, rates.current.get(id) ?? new Rate()]))
  for (const { id, trialsDone } of live) rates.current.get(id)!.update(Number(trialsDone), performance.now())
  return new Map([...rates.current].map(([id, rate]) => [id, rate.perSecond()]))
}
