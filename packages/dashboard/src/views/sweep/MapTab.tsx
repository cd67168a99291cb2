import { type CellsData, quantityOf, type StatusData } from '@driftfarm/report'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { Button, Copy } from '../../parts/controls.tsx'
import { commandText, counted, intervalText, numberText, shortId } from '../../parts/format.ts'
import { Waiting } from '../../parts/states.tsx'
import { useWidth } from '../../parts/useWidth.ts'
import { CellCurve } from './CellCurve.tsx'
import { ColorKey } from './ColorKey.tsx'
import { MapControls } from './MapControls.tsx'
import { domainOf, type Mapped, mapped, numberOf, type Shown, zoomText } from './mapping.ts'
import { Overlays, useOverlays } from './Overlays.tsx'
import { PhaseMap } from './PhaseMap.tsx'
import { SelectedCells, type Selection } from './SelectedCells.tsx'
import type { SweepSearch } from './search.ts'
import type { Rectangle } from './useCellPointer.ts'

export interface TabProps {
  readonly sweep: StatusData
  readonly cells: CellsData | null
  readonly search: SweepSearch
  change(part: SweepSearch): void
}

export function MapTab({ sweep, cells, search, change }: TabProps) {
  const navigate = useNavigate()
  // While no cell is new, these two stay the same objects.
  const { params = null, index = null } = cells ?? {}
  const map = useMemo(
    () => (params === null || index === null ? null : mapped({ params, index }, search)),
    [params, index, search],
  )
  if (cells === null) return <Waiting>Loading cells</Waiting>
  const names = Object.keys(cells.estimates)
  const of = search.of !== undefined && names.includes(search.of) ? search.of : (names[0] ?? 'escape')
  const open = (index: number): void =>
    void navigate({ to: '/sweeps/$ref/cells/$cell', params: { ref: sweep.id, cell: String(index) } })
  if (cells.index.length === 0) return <p className="empty">This sweep has no cells yet.</p>
  if (map === null || cells.index.length === 1)
    return <OneCell cells={cells} of={of} open={() => open(cells.index[0]!)} />
  return <SeveralCells sweep={sweep} cells={cells} map={map} of={of} open={open} search={search} change={change} />
}

interface SeveralCellsProps extends TabProps {
  readonly cells: CellsData
  readonly map: Mapped
  readonly of: string
  open(index: number): void
}

function SeveralCells({ sweep, cells, map, of, open, search, change }: SeveralCellsProps) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [selected, setSelected] = useState<Selection | null>(null)
  const [said, say] = useState<string | null>(null)
  const overlays = useOverlays(search.over, map.y === null ? map.x.path : null)
  const hasValues = cells.estimates[of]?.value.some((value) => value !== null) ?? false
  const show: Shown = search.show ?? (hasValues ? 'value' : 'state')
  const isCurve = map.y === null && show === 'value'
  const isLog = search.log?.includes(isCurve ? 'y' : 'z') ?? false
  const { label, isShare } = quantityOf(of)
  const asked = search.contour ?? '0.5'
  const isContoured = !isCurve && show === 'value' && isShare && asked !== 'none'
  const level = isContoured && Number.isFinite(Number(asked)) ? Number(asked) : null
  const domain = useMemo(
    () =>
      show === 'state'
        ? null
        : domainOf(
            cells.index.map((_, at) => numberOf(cells, at, show, of)),
            isLog,
          ),
    [cells, show, of, isLog],
  )
  // A selection made before the axes changed may be outside of them.
  const isInside =
    selected !== null &&
    selected.panel < map.panels.length &&
    selected.rectangle.x[1] < map.x.values.length &&
    selected.rectangle.y[1] < (map.y?.values.length ?? 1)
  const shown = selected !== null && isInside ? selected : null
  const alter = (part: SweepSearch): void => {
    if (['x', 'y', 'third', 'at', 'zoom'].some((key) => key in part)) setSelected(null)
    change(part)
  }
  const contents = { cells, show, of, domain, isLog }
  const beside = Math.max(1, Math.min(map.panels.length, Math.floor(width / 300)))
  const controls = { cells, map, of, show, isCurve, isLog, isShare, level, search, change: alter }
  return (
    <section aria-label={isCurve ? 'Curve of the cells' : 'Map of the cells'}>
      <MapControls {...controls} />
      {isCurve ? (
        <Overlays
          sweep={sweep}
          axis={map.x.name}
          overlays={overlays}
          choose={(next) => change({ over: next.length === 0 ? undefined : next.join(',') })}
        />
      ) : (
        <ColorKey {...contents} label={label} level={level} />
      )}
      <div ref={frame} className="phase-maps">
        {width > 0 &&
          map.panels.map((panel, place) => {
            const view = {
              ...{ cells, of, map, panel, isLog, open, say },
              width: Math.max(80, width / beside - marginOfMap),
              selected: shown?.panel === place ? shown.rectangle : null,
              select: (rectangle: Rectangle | null) => setSelected(rectangle && { panel: place, rectangle }),
            }
            return (
              <figure key={panel.at} className="phase-map">
                {map.third !== null && (
                  <figcaption>
                    {map.third.name} {map.third.labelOf(panel.at)}
                  </figcaption>
                )}
                {isCurve ? (
                  <CellCurve {...view} {...{ overlays, label, isShare }} height={360} />
                ) : (
                  <PhaseMap {...view} {...{ show, domain, level }} height={beside === 1 ? 520 : 260} />
                )}
              </figure>
            )
          })}
      </div>
      <div className="map-foot">
        <p role="status">
          {said ??
            'Point at a cell, or move with the arrow keys. Click or Enter opens the cell; dragging selects cells.'}
        </p>
        {shown !== null && (
          <SelectedCells
            {...{ sweep, cells, map }}
            selected={shown}
            clear={() => setSelected(null)}
            zoom={() => {
              const { x, y } = shown.rectangle
              const parts = [[map.x, x] as const, ...(map.y === null ? [] : [[map.y, y] as const])]
              alter({ zoom: zoomText(map, parts) })
            }}
          />
        )}
      </div>
      <Copy
        text={commandText(['figure', shortId(sweep.id)], {
          ...(map.y === null ? {} : { kind: 'map', y: map.y.path }),
          x: map.axes.length > 1 ? map.x.path : undefined,
          of,
          show: show === 'width' || show === 'trials' ? show : undefined,
          log: isLog ? (isCurve ? 'y' : 'z') : undefined,
        })}
      />
    </section>
  )
}

/** The room beside a map for the texts of its vertical axis. */
const marginOfMap = 84

function OneCell({ cells, of, open }: { readonly cells: CellsData; readonly of: string; open(): void }) {
  const estimate = cells.estimates[of]
  const [value, low, high] = [estimate?.value[0], estimate?.low[0], estimate?.high[0]]
  return (
    <div className="one-cell">
      <p className="answer">
        {(value ?? null) === null ? (
          'No finite result yet'
        ) : (
          <>
            {of} <strong>{numberText(value)}</strong>, confidence interval{' '}
            {intervalText(low ?? Number.NEGATIVE_INFINITY, high)}
          </>
        )}
      </p>
      <p>One cell, {counted(cells.trials[0] ?? 0)} trials.</p>
      <Button label="Open the cell" onClick={open} />
    </div>
  )
}
