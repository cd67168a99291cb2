import { countText, type StatusData } from '@driftfarm/report'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useLiveSweep } from '../../live/liveness.tsx'
import { Tabs } from '../../parts/controls.tsx'
import { FailuresOf } from '../../parts/FailuresOf.tsx'
import { Submitted } from '../../parts/Reuse.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { CellsTab } from './CellsTab.tsx'
import { Findings } from './Findings.tsx'
import { MapTab } from './MapTab.tsx'
import { useCells } from './mapping.ts'
import { StatusHeader } from './StatusHeader.tsx'
import type { SweepSearch, sweepTabs } from './search.ts'

// The first view does not need these tabs and the code that makes figures.
const CompareTab = lazy(async () => ({ default: (await import('./CompareTab.tsx')).CompareTab }))
const FiguresTab = lazy(async () => ({ default: (await import('./FiguresTab.tsx')).FiguresTab }))
const SpecTab = lazy(async () => ({ default: (await import('./SpecTab.tsx')).SpecTab }))
const RecentActivity = lazy(async () => ({ default: (await import('../../parts/Activity.tsx')).RecentActivity }))

type Tab = (typeof sweepTabs)[number]

const names: readonly (readonly [Tab, string])[] = [
  ['map', 'Results'],
  ['figures', 'Figures'],
  ['cells', 'Cells'],
  ['compare', 'Compare'],
  ['work', 'Activity'],
  ['failures', 'Failures'],
  ['spec', 'Spec'],
]

const ofFarms: ReadonlySet<Tab> = new Set(['compare', 'work', 'failures'])

function progressText({ cells: { done, open, failed, unvisited = 0 }, state }: StatusData): string {
  const [visited, all] = [done - unvisited, done + open + failed - unvisited]
  return `${visited === all ? '' : `${visited} of `}${countText(all, 'cell')}${state === 'complete' ? '' : ` ${state}`}`
}

export function SweepView() {
  const { ref } = useParams({ from: '/sweeps/$ref' })
  const search = useSearch({ from: '/sweeps/$ref' })
  const navigate = useNavigate()
  const { isFarm } = useDocumentOrigin()
  const { value, error } = useLiveSweep(ref)
  const cells = useCells(value)
  // Back leads out of a zoom and to the former tab, but not through each choice of a list or place of a slider.
  const change = (part: SweepSearch): void =>
    void navigate({
      to: '/sweeps/$ref',
      params: { ref },
      search: { ...search, ...part },
      replace: !('zoom' in part || 'tab' in part),
    })
  // Readers of a threshold search come for the boundary that it found.
  const tab = search.tab ?? (value?.status.cells.unvisited === undefined ? 'map' : 'figures')
  const tabName = names.find(([name]) => name === tab)?.[1] ?? null
  useTitle(...(value === null ? [] : [value.status.name, tabName, progressText(value.status)]))
  if (error !== null) return <Failure title="Sweep" error={error} />
  if (value === null) return <Waiting>Loading the sweep</Waiting>
  const { status } = value
  return (
    <article className="sweep">
      <StatusHeader status={status} />
      <Submitted sweep={status.id} />
      <Findings status={status} />
      <Tabs
        names={isFarm ? names : names.filter(([name]) => !ofFarms.has(name))}
        chosen={tab}
        choose={(next) => change({ tab: next })}
        label="Sweep views"
      >
        <Suspense fallback={<Waiting>Loading the view</Waiting>}>
          {tab === 'map' && <MapTab sweep={status} cells={cells} search={search} change={change} />}
          {tab === 'figures' && <FiguresTab sweep={status} cells={cells} search={search} change={change} />}
          {tab === 'cells' && <CellsTab sweep={status} cells={cells} />}
          {tab === 'compare' && <CompareTab sweep={status} cells={cells} search={search} change={change} />}
          {tab === 'work' && <RecentActivity sweep={status.id} />}
          {tab === 'failures' && <FailuresOf sweep={status} />}
          {tab === 'spec' && <SpecTab sweep={status} />}
        </Suspense>
      </Tabs>
    </article>
  )
}
