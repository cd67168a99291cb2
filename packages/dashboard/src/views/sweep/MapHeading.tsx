import type { CellsData } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { CopyLink } from '../../parts/controls.tsx'
import { settingsOf } from '../../parts/settingsOf.ts'
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
  const first = useSettings(sweep, cells.index[0])
  const last = useSettings(sweep, cells.index.at(-1))
  // Along every axis, the first and the last cell differ.
  const fixed = first.flatMap(([name, text]) => {
    const others = new Map(last).get(name)?.split(', ')
    const parts = text.split(', ').filter((part) => others?.includes(part))
    return parts.length === 0 ? [] : [`${name} ${parts.join(', ')}`]
  })
  const chosen = map.others.map(({ axis, at }) => `${axis.name} ${axis.labelOf(at)}`)
  const axes = [map.x, map.y, map.third].flatMap((axis) => (axis === null ? [] : [axis.name]))
  return (
    <header className="map-heading">
      <h2>
        {shownName(view)} over {axes.join(', ')}
      </h2>
      <span className="faint">
        {[...chosen, ...fixed, `${rangeText(cells.trials.map(Number))} trials per cell`].join(' · ')}
      </span>
      <CopyLink />
    </header>
  )
}

function useSettings(sweep: string, index: number | undefined) {
  const { data } = useAnswer('cell', { sweep, cell: String(index) }, { staleTime: Number.POSITIVE_INFINITY })
  return settingsOf(data?.resolved ?? {})
}
