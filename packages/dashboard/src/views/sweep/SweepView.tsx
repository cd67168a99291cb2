import { countText, type StatusData } from '@driftfarm/report'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
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
import { type SweepSearch, sweepTabs, type TabProps } from './search.ts'

// The first view does not need these tabs and the code that makes figures.
const CompareTab = lazy(async () => ({ default: (await import('./CompareTab.tsx')).CompareTab }))
const FiguresTab = lazy(async () => ({ default: (await import('./FiguresTab.tsx')).FiguresTab }))
const SpecTab = lazy(async () => ({ default: (await import('./SpecTab.tsx')).SpecTab }))
const RecentActivity = lazy(async () => ({ default: (await import('../../parts/Activity.tsx')).RecentActivity }))

interface Tab {
  readonly name: string
  /** Whether a report file does not have what the tab shows. */
  readonly isOfFarm?: boolean
  readonly View: ComponentType<TabProps>
}

const tabs: Readonly<Record<(typeof sweepTabs)[number], Tab>> = {
  map: { name: 'Results', View: MapTab },
  figures: { name: 'Figures', View: FiguresTab },
  cells: { name: 'Cells', View: CellsTab },
  compare: { name: 'Compare', isOfFarm: true, View: CompareTab },
  work: { name: 'Activity', isOfFarm: true, View: ({ sweep }) => <RecentActivity sweep={sweep.id} /> },
  failures: { name: 'Failures', isOfFarm: true, View: FailuresOf },
  spec: { name: 'Spec', View: SpecTab },
}

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
  const { name, View } = tabs[tab]
  useTitle(...(value === null ? [] : [value.status.name, name, progressText(value.status)]))
  if (error !== null) return <Failure title="Sweep" error={error} />
  if (value === null) return <Waiting>Loading the sweep</Waiting>
  const { status } = value
  return (
    <article className="sweep">
      <StatusHeader status={status} />
      <Submitted sweep={status.id} />
      <Findings status={status} />
      <Tabs
        names={sweepTabs.filter((each) => isFarm || !tabs[each].isOfFarm).map((each) => [each, tabs[each].name])}
        chosen={tab}
        choose={(next) => change({ tab: next })}
        label="Sweep views"
      >
        <Suspense fallback={<Waiting>Loading the view</Waiting>}>
          <View sweep={status} cells={cells} search={search} change={change} />
        </Suspense>
      </Tabs>
    </article>
  )
}
