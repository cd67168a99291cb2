import { type CellsData, unitsOf } from '@driftfarm/report'
import { useMemo, useRef, useState } from 'react'
import { Button, SameCommand } from '../../parts/controls.tsx'
import { commandText, counted, shortId } from '../../parts/format.ts'
import { CellLink } from '../../parts/links.tsx'
import { Estimate, Waiting } from '../../parts/states.tsx'
import { useWidth } from '../../parts/useWidth.ts'
import { isNumeric } from './axes.ts'
import { CellCurve } from './CellCurve.tsx'
import { ColorKey } from './ColorKey.tsx'
import { MapControls, type MapControlsProps } from './MapControls.tsx'
import { MapHeading, MapSetup } from './MapHeading.tsx'
import { conditionOf, mapped, type Rectangle, zoomText } from './mapping.ts'
import { mapView } from './mapView.ts'
import { Overlays, useOverlays } from './Overlays.tsx'
import { PhaseMap } from './PhaseMap.tsx'
import { SelectedCells, type Selection } from './SelectedCells.tsx'
import type { TabProps } from './search.ts'

export function MapTab({ sweep, cells, search, change }: TabProps) {
  // While no cell is new, these two stay the same objects.
  const { params = null, index = null } = cells ?? {}
  const { x, y, third, at, zoom } = search
  const map = useMemo(
    () => (params === null || index === null ? null : mapped({ params, index }, { x, y, third, at, zoom })),
    [params, index, x, y, third, at, zoom],
  )
  if (cells === null) return <Waiting>Loading cells</Waiting>
  if (cells.index.length === 0) return <p className="empty">This sweep has no cells yet.</p>
  if (map === null || cells.index.length === 1) return <OneCell cells={cells} />
  return <SeveralCells {...{ sweep, cells, map, search, change }} />
}

function SeveralCells({ sweep, cells, map, search, change }: Omit<MapControlsProps, 'view'>) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [selected, setSelected] = useState<Selection | null>(null)
  const [said, say] = useState<string | null>(null)
  const overlays = useOverlays(search.over, map.y === null ? map.x.path : null)
  const view = useMemo(() => mapView(cells, map, search), [cells, map, search])
  const { of, show, isCurve, isLog } = view
  const by = map.y === null ? map.third?.path : undefined
  const where = conditionOf(map)
  const drawn = { x: map.axes.length > 1 ? map.x.path : undefined, ...(map.y && { y: map.y.path }), by, where }
  // A selection ends with the axes on which it was made.
  const shown = selected?.map === map ? selected : null
  const beside = Math.max(1, Math.min(map.panels.length, Math.floor(width / 300)))
  // A single row of pictures fits on the screen, below what is above it.
  const room = useWidth(frame, roomOf) - roomBelow - (map.third === null ? 0 : 32)
  const height = beside < map.panels.length ? 260 : Math.max(200, Math.min(isCurve ? 480 : 900, room))
  const hint = matchMedia('(hover: none)').matches
    ? 'Tap a cell to open it.'
    : 'Point at a cell, or move with the arrow keys. Click or Enter opens the cell; dragging selects cells.'
  return (
    <section aria-label={isCurve ? 'Curve of the cells' : 'Map of the cells'}>
      <MapHeading {...{ map, view }} />
      <MapControls {...{ sweep, cells, map, view, search, change }} />
      {isCurve && isNumeric(map.x) && (
        <Overlays
          sweep={sweep}
          axis={map.x}
          overlays={overlays}
          choose={(next) => change({ over: next.join(',') || undefined })}
        />
      )}
      {!isCurve && <ColorKey {...view} cells={cells} />}
      <div ref={frame} className="phase-maps">
        {width > 0 &&
          map.panels.map((panel, place) => {
            const shared = {
              ...view,
              ...{ cells, map, panel, say },
              height,
              width: Math.max(80, width / beside - marginOfMap),
              selected: shown?.panel === place ? shown.rectangle : null,
              select: (rectangle: Rectangle | null) => setSelected(rectangle && { map, panel: place, rectangle }),
            }
            return (
              <figure key={panel.at} className="phase-map">
                {map.third !== null && (
                  <figcaption>
                    {map.third.name} {map.third.labelOf(panel.at)}
                  </figcaption>
                )}
                {isCurve ? <CellCurve {...shared} overlays={overlays} /> : <PhaseMap {...shared} />}
              </figure>
            )
          })}
      </div>
      <div className={said === null && shown === null ? 'map-foot idle' : 'map-foot'}>
        <p role="status">{said ?? hint}</p>
        {shown !== null && (
          <SelectedCells
            {...{ sweep, cells }}
            {...shown}
            clear={() => setSelected(null)}
            zoom={() => change({ zoom: zoomText(map, shown.rectangle) })}
          />
        )}
      </div>
      <MapSetup {...{ sweep, cells, map }} />
      <SameCommand
        text={commandText(['figure', shortId(sweep.id)], {
          kind: map.y === null ? undefined : 'map',
          ...drawn,
          of,
          show: show === 'width' || show === 'trials' ? show : undefined,
          log: isLog ? (isCurve ? 'y' : 'z') : undefined,
          contour: view.level ?? undefined,
          over: isCurve ? search.over : undefined,
        })}
      />
      <Button
        label="Figure for download"
        small
        onClick={() => change({ tab: 'figures', figure: isCurve ? 'line' : 'map', ...drawn })}
      />
    </section>
  )
}

/** The room below the upper edge of an element, on a page that is not scrolled, in pixels. */
const roomOf = (element: HTMLElement): number => innerHeight - scrollY - element.getBoundingClientRect().top

/** The room below a map for its horizontal axis, the line about a cell, and the selection, in pixels. */
const roomBelow = 180

/** The room beside a map for the texts of its vertical axis. */
const marginOfMap = 84

function OneCell({ cells }: { readonly cells: CellsData }) {
  const [of, estimate] = Object.entries(cells.estimates)[0] ?? []
  const value = estimate?.value[0] ?? null
  return (
    <div className="one-cell">
      <p className="answer">
        {value === null ? 'No finite result yet' : of}{' '}
        {value !== null && <Estimate value={value} low={estimate?.low[0]} high={estimate?.high[0]} />}
      </p>
      <p>
        One cell, {counted(cells.trials[0] ?? 0)} {unitsOf(cells.sweep.method)}.
      </p>
      <CellLink sweep={cells.sweep.id} cell={cells.index[0]!}>
        Open the cell
      </CellLink>
    </div>
  )
}
