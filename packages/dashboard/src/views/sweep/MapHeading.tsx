import { type CellsData, setupSentences } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { CopyLink } from '../../parts/controls.tsx'
import { rangeText, shownName } from './cellWords.ts'
import type { Mapped } from './mapping.ts'
import type { MapView } from './mapView.ts'

interface MapHeadingProps {
  readonly sweep: string
  readonly cells: CellsData
  readonly map: Mapped
  readonly view: MapView
}

/** Names what is drawn: the quantity, its axes, and what is the same in all cells. */
export function MapHeading({ sweep, cells, map, view }: MapHeadingProps) {
  const [first, last] = [useCell(sweep, cells.index[0]!), useCell(sweep, cells.index.at(-1)!)]
  const setup = first === undefined || last === undefined ? [] : setupSentences(first, [last]).slice(0, -1)
  const chosen = map.others.map(({ axis, at }) => `${axis.name} ${axis.labelOf(at)}.`)
  const axes = [map.x, map.y, map.third].flatMap((axis) => (axis === null ? [] : [axis.name]))
  const trials = `${rangeText(cells.trials.map(Number))} trials per cell.`
  return (
    <header className="map-heading">
      <h2>
        {shownName(view)} over {axes.join(', ')}
      </h2>
      <span className="faint">{[...chosen, ...setup, trials].join(' ')}</span>
      <CopyLink />
    </header>
  )
}

const useCell = (sweep: string, index: number) =>
  useAnswer('cell', { sweep, cell: String(index) }, { staleTime: Number.POSITIVE_INFINITY }).data
