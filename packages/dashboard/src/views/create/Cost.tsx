import type { ResolvedSpec } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { type PropsWithChildren, useState } from 'react'
import { once } from '../../compute/computer.ts'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useSettled } from '../../live/useSettled.ts'
import { Button } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'
import { Planned } from './Planned.tsx'

const pauseMs = 1_000

/** What a run of the spec costs. Times need a pilot run, which starts on request. */
export function Cost({ spec, children }: PropsWithChildren<{ readonly spec: ResolvedSpec | null }>) {
  const farmClient = useFarmClient()
  const [measured, setMeasured] = useState<ResolvedSpec | null>(null)
  const pilot = spec !== null && measured === spec
  // A farm computes one plan at a time, so it is asked only for a spec that stays for a moment.
  const planned = useSettled(spec, pauseMs)
  const isCurrent = spec !== null && (planned === spec || pilot)
  const { data, error, isFetching } = useQuery({
    queryKey: ['plan', spec?.text, [...(spec?.files ?? [])].map(([name, { length }]) => [name, length]), pilot],
    queryFn: () => farmClient.plan(spec!, { pilot }),
    enabled: isCurrent,
    ...once,
  })
  return (
    <>
      {isCurrent && error !== null && <Failure error={error} />}
      {isCurrent && data !== undefined && <Planned plan={data} />}
      <div className="actions">
        <Button
          disabled={spec === null || pilot}
          onClick={() => setMeasured(spec)}
          label={pilot && isFetching ? 'Estimating …' : 'Estimate cost'}
        />
        {children}
        {data?.pilot === null && (
          <span className="faint">
            A short pilot run estimates the time, and compares direct trials with splitting.
          </span>
        )}
      </div>
    </>
  )
}
