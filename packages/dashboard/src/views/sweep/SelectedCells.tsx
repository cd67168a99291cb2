import { type CellsData, countText, type StatusData, unitsOf } from '@driftfarm/report'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { Button } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Failure } from '../../parts/states.tsx'
import { isNumeric } from './axes.ts'
import { rectangleText } from './cellWords.ts'
import type { Mapped, Rectangle } from './mapping.ts'
import type { Refined } from './refine.ts'
import { useNewSpec } from './useNewSpec.ts'

export interface Selection {
  readonly map: Mapped
  /** The place of the panel in the list of panels. */
  readonly panel: number
  readonly rectangle: Rectangle
}

interface SelectedCellsProps extends Selection {
  readonly sweep: StatusData
  readonly cells: CellsData
  zoom(): void
  clear(): void
}

/** A new sweep has this many times the trials of a cell, so that its intervals are about three times narrower. */
const moreTrials = 10

/** Between two of their values there is nothing. */
const notRefined: ReadonlySet<string> = new Set(['seed', 'streams'])

/** What can be done with a rectangle of cells. */
export function SelectedCells({ sweep, cells, map, panel, rectangle, zoom, clear }: SelectedCellsProps) {
  const { isFarm } = useDocumentOrigin()
  const columns = map.x.values.length
  const isInside = ([from, to]: readonly [number, number], place: number) => place >= from && place <= to
  /** Positions in the lists of `CellsData`. */
  const places = Array.from(map.panels[panel]!.grid).filter(
    (at, place) =>
      at >= 0 && isInside(rectangle.x, place % columns) && isInside(rectangle.y, Math.floor(place / columns)),
  )
  const trials = moreTrials * Math.max(1, ...places.map((at) => Number(cells.trials[at])))
  const { mutate, error } = useNewSpec(sweep.id)
  const refine = (more: Pick<Refined, 'finer' | 'trials'>): void =>
    mutate((text, { refinedSpec }) => {
      const rows = places.map((at) =>
        Object.fromEntries(Object.entries(cells.params).map(([path, values]) => [path, values[at]])),
      )
      return refinedSpec({ text, name: sweep.name, rows, ...more })
    })
  const drawn = [map.x, map.y].filter((axis) => axis !== null && isNumeric(axis) && !notRefined.has(axis.path))
  const finer = new Map(drawn.map((axis) => [axis!.path, { isLog: axis!.scale.scale === 'log' }]))
  return (
    <section className="selected-cells" aria-label="Selected cells">
      <p>
        Selected: <strong>{countText(places.length, 'cell')}</strong>, {rectangleText(map, rectangle)}.
      </p>
      <Button label="Zoom in" onClick={zoom} />
      <Button label="Clear selection" onClick={clear} />
      {isFarm && places.length > 0 && (
        <>
          <span className="faint">As a new sweep that reuses the trials:</span>
          <Button
            label={`More ${unitsOf(sweep.method)}: ${counted(trials)} each …`}
            onClick={() => refine({ trials })}
          />
          {finer.size > 0 && <Button label="Finer grid …" onClick={() => refine({ finer })} />}
        </>
      )}
      {error !== null && <Failure error={error} />}
    </section>
  )
}
