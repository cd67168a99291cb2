import { type CellsData, countText, type StatusData } from '@driftfarm/report'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { keepDraft } from '../../compute/draft.ts'
import { useDocumentOrigin, useSource } from '../../live/documentOrigin.tsx'
import { Button } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Failure } from '../../parts/states.tsx'
import { rectangleText } from './cellWords.ts'
import type { Mapped, Rectangle } from './mapping.ts'

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
  const source = useSource()
  const navigate = useNavigate()
  const columns = map.x.values.length
  const isInside = ([from, to]: readonly [number, number], place: number) => place >= from && place <= to
  /** Positions in the lists of `CellsData`. */
  const places = Array.from(map.panels[panel]!.grid).filter(
    (at, place) =>
      at >= 0 && isInside(rectangle.x, place % columns) && isInside(rectangle.y, Math.floor(place / columns)),
  )
  const trials = moreTrials * Math.max(1, ...places.map((at) => Number(cells.trials[at])))
  const { mutate, error } = useMutation({
    async mutationFn(more: 'trials' | 'cells') {
      const [{ spec }, { refinedSpec }] = await Promise.all([
        source.origins({ sweep: sweep.id }),
        import('./refine.ts'),
      ])
      const rows = places.map((at) =>
        Object.fromEntries(Object.entries(cells.params).map(([path, values]) => [path, values[at]])),
      )
      const drawn = [map.x, map.y].filter((axis) => axis !== null && !notRefined.has(axis.path))
      const finer = new Map(drawn.map((axis) => [axis!.path, { isLog: axis!.scale.scale === 'log' }]))
      const text = refinedSpec({ text: spec, name: sweep.name, rows, ...(more === 'cells' ? { finer } : { trials }) })
      keepDraft({ text, from: sweep.id })
      await navigate({ to: '/new' })
    },
  })
  return (
    <section className="selected-cells" aria-label="Selected cells">
      <p>
        Selected: <strong>{countText(places.length, 'cell')}</strong>, {rectangleText(map, rectangle)}.
      </p>
      <Button label="Zoom in" onClick={zoom} />
      {isFarm && places.length > 0 && (
        <>
          <Button label={`More trials: ${counted(trials)} each …`} onClick={() => mutate('trials')} />
          <Button label="Finer grid …" onClick={() => mutate('cells')} />
        </>
      )}
      <Button label="Clear selection" onClick={clear} />
      {isFarm && (
        <p className="faint">
          More trials and a finer grid are a new sweep, which reuses the trials that the farm already has.
        </p>
      )}
      {error !== null && <Failure error={error} />}
    </section>
  )
}
