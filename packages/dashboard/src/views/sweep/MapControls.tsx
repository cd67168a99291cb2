import type { CellsData, StatusData } from '@driftfarm/report'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { Button, Check, Field, Select } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'
import type { ViewAxis } from './axes.ts'
import { type Mapped, placesText } from './mapping.ts'
import type { MapView } from './mapView.ts'
import type { SweepSearch } from './search.ts'
import { useNewSpec } from './useNewSpec.ts'

export interface ViewProps {
  readonly sweep: StatusData
  readonly cells: CellsData
  readonly map: Mapped
  readonly view: MapView
}

interface MapControlsProps extends ViewProps {
  readonly search: SweepSearch
  change(part: SweepSearch): void
}

export const shows: readonly (readonly [MapView['show'], string])[] = [
  ['value', 'value'],
  ['width', 'interval width'],
  ['trials', 'number of trials'],
  ['state', 'cell state'],
]
export const levels = [0.1, 0.5, 0.9].map((level) => [String(level), `P = ${level}`] as const)

const optionsOf = (axes: readonly ViewAxis[]) => axes.map(({ path, name }) => [path, name] as const)

/** Chooses what the colours, rows and columns of a map mean, or the axes of a curve. */
export function MapControls({ sweep, cells, map, view, search, change }: MapControlsProps) {
  const { isFarm } = useDocumentOrigin()
  const { mutate, error } = useNewSpec(sweep.id)
  const { of, show, isCurve, isLog, isGrid, isShare, level } = view
  const { axes, x, y, third, others, zoomed } = map
  const varied = axes.filter(({ values }) => values.length > 1)
  const spatial = varied.filter((axis) => axis.path !== 'method' || axis === x)
  const names = Object.keys(cells.estimates)
  const letter = isCurve ? 'y' : 'z'
  const logs = (search.log ?? '').split(',').filter((each) => each !== '')
  const toggled = isLog ? logs.filter((each) => each !== letter) : [...logs, letter]
  const choose = (path: string, at: number): void =>
    change({ at: placesText(others.map((other) => [other.axis.path, other.axis.path === path ? at : other.at])) })
  return (
    <div className="controls">
      {spatial.length > 1 && (
        <>
          <Select
            label="x axis"
            value={x.path}
            options={optionsOf(spatial)}
            choose={(path) => change(path === y?.path ? { x: path, y: x.path } : { x: path })}
          />
          <Select
            label="y axis"
            value={y?.path ?? 'none'}
            options={[...optionsOf(spatial.filter((axis) => axis !== x)), ['none', 'the estimate']]}
            choose={(path) => change({ y: path })}
          />
        </>
      )}
      {varied.length > (y === null ? 1 : 2) && (
        <Select
          label={isCurve ? 'A curve for each' : 'A map for each'}
          value={third?.path ?? 'none'}
          options={[...optionsOf(varied.filter((axis) => axis !== x && axis !== y)), ['none', 'one only']]}
          choose={(path) => change({ third: path })}
        />
      )}
      <Select
        label="Estimate"
        value={of}
        options={names.length === 0 ? [[of, of]] : names.map((name) => [name, name])}
        choose={(name) => change({ of: name })}
      />
      <Select label="Show" value={show} options={shows} choose={(next) => change({ show: next as MapView['show'] })} />
      {show !== 'state' && (
        <Check
          label={isCurve ? 'log y axis' : 'log colour scale'}
          checked={isLog}
          toggle={() => change({ log: toggled.join(',') || undefined })}
        />
      )}
      {!isCurve && show === 'value' && isShare && !isLog && (
        <Check
          label="colours span this sweep"
          checked={search.span === true}
          toggle={() => change({ span: search.span === true ? undefined : true })}
        />
      )}
      {isGrid && show === 'value' && isShare && (
        <Select
          label="Contour"
          value={level === null ? 'none' : String(level)}
          options={[['none', 'none'], ...levels]}
          choose={(next) => change({ contour: next })}
        />
      )}
      {isFarm && level !== null && y !== null && sweep.cells.unvisited === undefined && (
        <Button
          label={`Find the boundary along ${y.title} …`}
          title="A new sweep searches it, with confidence intervals. The line on the map is interpolated."
          onClick={() => mutate((text, { boundarySpec }) => boundarySpec(text, sweep.name, y, of, level))}
        />
      )}
      {others.map(({ axis: { path, name, values, labelOf }, at }) => (
        <Field
          key={path}
          label={`${name} ${labelOf(at)}`}
          type="range"
          max={values.length - 1}
          value={at}
          aria-valuetext={labelOf(at)}
          onChange={(event) => choose(path, Number(event.target.value))}
        />
      ))}
      {zoomed.size > 0 && <Button label="Show all cells" onClick={() => change({ zoom: undefined })} />}
      {error !== null && <Failure error={error} />}
    </div>
  )
}
