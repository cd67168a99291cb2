import type { CellsData } from '@driftfarm/report'
import { Button, Check, Field, Select } from '../../parts/controls.tsx'
import type { ViewAxis } from './axes.ts'
import { type Mapped, placesText } from './mapping.ts'
import type { MapView } from './mapView.ts'
import type { SweepSearch } from './search.ts'

interface MapControlsProps {
  readonly cells: CellsData
  readonly map: Mapped
  readonly view: MapView
  readonly search: SweepSearch
  change(part: SweepSearch): void
}

const shows: readonly (readonly [MapView['show'], string])[] = [
  ['value', 'value'],
  ['width', 'interval width'],
  ['trials', 'number of trials'],
  ['state', 'cell state'],
]
export const levels = [0.1, 0.5, 0.9].map((level) => [String(level), `P = ${level}`] as const)

const optionsOf = (axes: readonly ViewAxis[]) => axes.map(({ path, name }) => [path, name] as const)

/** Chooses what the colours, rows and columns of a map mean, or the axes of a curve. */
export function MapControls({ cells, map, view, search, change }: MapControlsProps) {
  const { of, show, isCurve, isLog, isShare, level } = view
  const { axes, x, y, third, others, zoomed } = map
  const varied = axes.filter(({ values }) => values.length > 1)
  const names = Object.keys(cells.estimates)
  const letter = isCurve ? 'y' : 'z'
  const logs = (search.log ?? '').split(',').filter((each) => each !== '')
  const toggled = isLog ? logs.filter((each) => each !== letter) : [...logs, letter]
  const choose = (path: string, at: number): void =>
    change({ at: placesText(others.map((other) => [other.axis.path, other.axis.path === path ? at : other.at])) })
  return (
    <div className="controls">
      {varied.length > 1 && (
        <>
          <Select
            label="x axis"
            value={x.path}
            options={optionsOf(varied)}
            choose={(path) => change(path === y?.path ? { x: path, y: x.path } : { x: path })}
          />
          <Select
            label="y axis"
            value={y?.path ?? 'none'}
            options={[...optionsOf(varied.filter((axis) => axis !== x)), ['none', 'the estimate']]}
            choose={(path) => change({ y: path })}
          />
        </>
      )}
      {y !== null && varied.length > 2 && (
        <Select
          label="A map for each"
          value={third?.path ?? 'none'}
          options={[...optionsOf(varied.filter((axis) => axis !== x && axis !== y)), ['none', 'one map only']]}
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
      {!isCurve && show === 'value' && isShare && (
        <Select
          label="Contour"
          value={level === null ? 'none' : String(level)}
          options={[['none', 'none'], ...levels]}
          choose={(next) => change({ contour: next })}
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
    </div>
  )
}
