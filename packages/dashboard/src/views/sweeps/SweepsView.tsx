import { Link, useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { useMayChange } from '../../live/documentOrigin.tsx'
import { useLiveFarm } from '../../live/liveness.tsx'
import { useSpeeds } from '../../live/useSpeeds.ts'
import { Copy } from '../../parts/controls.tsx'
import { OpenReport } from '../../parts/OpenReport.tsx'
import { Failure, Notice, Waiting } from '../../parts/states.tsx'
import { Filters } from './Filters.tsx'
import { inOrder, matches, type SweepsSearch } from './listed.ts'
import { Actions, SweepTable } from './SweepTable.tsx'

export function SweepsView() {
  const search = useSearch({ from: '/' })
  const navigate = useNavigate()
  const mayAct = useMayChange()
  const { value, error } = useLiveFarm()
  const removed = useLocation({ select: ({ state }) => state.removed })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const all = value?.sweeps.sweeps
  const speeds = useSpeeds(all ?? [])
  const running = (all ?? []).filter(({ state }) => state === 'running').length
  useTitle('Sweeps', running > 0 ? `${running} running` : null)
  const shown = useMemo(() => {
    const matching = (all ?? []).filter((sweep) => matches(sweep, search))
    return inOrder(matching, search.order)
  }, [all, search])
  const change = (next: SweepsSearch): void => void navigate({ to: '/', search: next, replace: true })

  if (error !== null)
    return (
      <>
        <Failure title="Sweeps" error={error} />
        <OpenReport />
      </>
    )
  if (all === undefined) return <Waiting>Loading sweeps</Waiting>
  const picked = shown.filter(({ id }) => chosen.has(id))
  return (
    <section>
      <h1>Sweeps</h1>
      <Notice text={removed} />
      <Notice text={value?.farm?.farm?.words} />
      {all.length === 0 ? (
        <div className="empty">
          <p>No sweeps yet.</p>
          <p>
            <Link to="/new">Create a sweep</Link> here, or on the command line:
          </p>
          <Copy text="driftfarm example double-well > well.yaml && driftfarm run well.yaml" />
          <p>
            Or <Link to="/play">try a landscape in the playground</Link> first.
          </p>
        </div>
      ) : (
        <>
          <Filters search={search} change={change} count={shown.length} of={all.length} />
          {mayAct && <Actions picked={picked} clear={() => setChosen(new Set())} />}
          <SweepTable
            sweeps={shown}
            speeds={speeds}
            chosen={mayAct ? chosen : null}
            choose={setChosen}
            order={search.order}
            sortBy={(order) => change({ ...search, order })}
          />
        </>
      )}
      <details className="open-report">
        <summary>Report files</summary>
        <OpenReport />
      </details>
    </section>
  )
}
