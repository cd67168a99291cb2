import { setupSentences, unitsOf } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { CopyLink } from '../../parts/controls.tsx'
import { rangeText, shownName } from './cellWords.ts'
import type { ViewProps } from './MapControls.tsx'

/** Names what is drawn: the quantity and its axes. */
export function MapHeading({ map, view }: Pick<ViewProps, 'map' | 'view'>) {
  const axes = [map.x, map.y, map.third].flatMap((axis) => (axis === null ? [] : [axis.name]))
  return (
    <header className="map-heading">
      <h2>
        {shownName(view)} over {axes.join(', ')}
      </h2>
      <CopyLink />
    </header>
  )
}

/** What the cells have in common, below their map: above it, a long formula would take the room of the map. */
export function MapSetup({ sweep, cells, map }: Omit<ViewProps, 'view'>) {
  const [first, last] = [useCell(sweep.id, cells.index[0]!), useCell(sweep.id, cells.index.at(-1)!)]
  const setup = first === undefined || last === undefined ? [] : setupSentences(first, [last]).slice(0, -1)
  const chosen = map.others.map(({ axis, at }) => `${axis.name} ${axis.labelOf(at)}.`)
  const trials = `${rangeText(cells.trials.map(Number))} ${unitsOf(sweep.method)} per cell.`
  return <p className="faint">{[...chosen, ...setup, trials].join(' ')}</p>
}

const useCell = (sweep: string, index: number) =>
  useAnswer('cell', { sweep, cell: String(index) }, { staleTime: Number.POSITIVE_INFINITY }).data
