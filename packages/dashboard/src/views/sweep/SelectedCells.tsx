import { type CellsData, countText, type StatusData } from '@driftfarm/report'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { keepDraft } from '../../compute/draft.ts'
import { useDocumentOrigin, useSource } from '../../live/documentOrigin.tsx'
import { Button } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Failure } from '../../parts/states.tsx'
import type { ViewAxis } from './axes.ts'
import { rectangleText } from './cellWords.ts'
import type { Mapped } from './mapping.ts'
import type { Chosen } from './refine.ts'
import type { Rectangle } from './useCellPointer.ts'

interface SelectedCellsProps {
  readonly sweep: StatusData
  readonly cells: CellsData
  readonly map: Mapped
  readonly selected: Selection
  zoom(): void
  clear(): void
}

export interface Selection {
  /** The place of the panel in the list of panels. */
  readonly panel: number
  readonly rectangle: Rectangle
}

/** A new sweep has this many times the trials of a cell, so that its intervals are about three times narrower. */
const moreTrials = 10

/** Between two of their values there is nothing. */
const notRefined: ReadonlySet<string> = new Set(['seed', 'streams'])

/** What can be done with a rectangle of cells. */
export function SelectedCells({ sweep, cells, map, selected, zoom, clear }: SelectedCellsProps) {
  const { isFarm } = useDocumentOrigin()
  const source = useSource()
  const navigate = useNavigate()
  const places = placesOf(cells, map, selected)
  const trials = moreTrials * Math.max(1, ...places.map((at) => Number(cells.trials[at])))
  const { mutate, error } = useMutation({
    async mutationFn(by: 'trials' | 'finer') {
      const [{ spec }, { refinedSpec, finerValues, isGridSpec }] = await Promise.all([
        source.origins({ sweep: sweep.id }),
        import('./refine.ts'),
      ])
      const chosen = chosenOf(map, selected)
      if (by === 'finer' && !isGridSpec(spec, Object.keys(cells.params)))
        throw new Error('A finer grid is possible only if every axis of the sweep is a list or a range of its own.')
      const rows = places.map((at) =>
        Object.fromEntries(Object.entries(cells.params).map(([path, values]) => [path, values[at]])),
      )
      const finer = chosen.map(({ axis, path, values, isDrawn }) => ({
        path,
        values: isDrawn && !notRefined.has(path) ? finerValues(values, axis.scale.scale === 'log') : values,
      }))
      const made = { text: spec, name: sweep.name, rows }
      const text = refinedSpec(by === 'finer' ? { ...made, chosen: finer } : { ...made, chosen, trials })
      keepDraft({ text, from: sweep.id })
      await navigate({ to: '/new' })
    },
  })
  return (
    <section className="selected-cells" aria-label="Selected cells">
      <p>
        Selected: <strong>{countText(places.length, 'cell')}</strong>, {rectangleText(map, selected.rectangle)}.
      </p>
      <Button label="Zoom in" onClick={zoom} />
      {isFarm && places.length > 0 && (
        <>
          <Button label={`More trials: ${counted(trials)} each …`} onClick={() => mutate('trials')} />
          <Button label="Finer grid …" onClick={() => mutate('finer')} />
        </>
      )}
      <Button label="Clear selection" onClick={clear} />
      {isFarm && (
        <p className="faint">
          Both open a new sweep over these cells in the editor. It reuses the trials that the farm already has.
        </p>
      )}
      {error !== null && <Failure error={error} />}
    </section>
  )
}

/** The cells in the rectangle, as positions in the lists of `CellsData`. */
function placesOf({ index }: CellsData, map: Mapped, { panel, rectangle: { x, y } }: Selection): readonly number[] {
  const { grid } = map.panels[panel] ?? { grid: new Int32Array() }
  const columns = map.x.values.length
  const inside = (place: number): boolean => {
    const [column, row] = [place % columns, Math.floor(place / columns)]
    return column >= x[0] && column <= x[1] && row >= y[0] && row <= y[1]
  }
  return Array.from(grid).filter((at, place) => at >= 0 && at < index.length && inside(place))
}

/** The values of each swept path in the selection. */
function chosenOf(map: Mapped, { panel, rectangle }: Selection) {
  const part = (axis: ViewAxis, [from, to]: readonly [number, number], isDrawn: boolean) => ({
    axis,
    path: axis.path,
    values: axis.values.slice(from, to + 1),
    isDrawn,
  })
  const only = (axis: ViewAxis, at: number) => part(axis, [at, at], false)
  return [
    part(map.x, rectangle.x, true),
    ...(map.y === null ? [] : [part(map.y, rectangle.y, true)]),
    ...(map.third === null ? [] : [only(map.third, map.panels[panel]!.at)]),
    ...map.others.map(({ axis, at }) => only(axis, at)),
  ] satisfies Chosen
}
