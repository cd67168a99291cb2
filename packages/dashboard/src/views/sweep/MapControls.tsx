import type { CellsData, StatusData } from '@driftfarm/report'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { Button, Check, Field } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'
import type { ViewAxis } from './axes.ts'
import { Choices, LogChoice } from './Choices.tsx'
import { type Mapped, placesText } from './mapping.ts'
import type { MapView } from './mapView.ts'
import { shows, type TabProps } from './search.ts'
import { useNewSpec } from './useNewSpec.ts'

export interface ViewProps {
  readonly sweep: StatusData
  readonly cells: CellsData
  readonly map: Mapped
  readonly view: MapView
}

export type MapControlsProps = ViewProps & Pick<TabProps, 'search' | 'change'>

export const levels = [
  ['none', 'none'] as const,
  ...[0.1, 0.5, 0.9].map((level) => [String(level), `P = ${level}`] as const),
]

const optionsOf = (axes: readonly ViewAxis[]) => axes.map(({ path, name }) => [path, name] as const)

/** The axes that have no other use yet, or none of them. */
const withNone = (none: string, axes: readonly ViewAxis[], ...used: readonly (ViewAxis | null)[]) => [
  ...optionsOf(axes.filter((axis) => !used.includes(axis))),
  ['none', none] as const,
]

/** Chooses what the colours, rows and columns of a map mean, or the axes of a curve. */
export function MapControls({ sweep, cells, map, view, search, change }: MapControlsProps) {
  const { isFarm } = useDocumentOrigin()
  const { mutate, error } = useNewSpec(sweep.id)
  const { of, show, isCurve, isLog, isGrid, isShare, level } = view
  const { axes, x, y, third, others, zoomed } = map
  const varied = axes.filter(({ values }) => values.length > 1)
  const spatial = varied.filter((axis) => axis.path !== 'method' || axis === x)
  const names = Object.keys(cells.estimates)
  const choose = (path: string, at: number): void =>
    change({ at: placesText(others.map((other) => [other.axis.path, other.axis.path === path ? at : other.at])) })
  return (
    <div className="controls">
      <Choices
        choices={[
          spatial.length > 1 && ['x axis', 'x', x.path, optionsOf(spatial)],
          spatial.length > 1 && ['y axis', 'y', y?.path ?? 'none', withNone('the estimate', spatial, x)],
          varied.length > (y === null ? 1 : 2) && [
            isCurve ? 'A curve for each' : 'A map for each',
            'third',
            third?.path ?? 'none',
            withNone('one only', varied, x, y),
          ],
          ['Estimate', 'of', of, (names.length === 0 ? [of] : names).map((name) => [name, name])],
          ['Show', 'show', show, shows],
          isGrid && show === 'value' && isShare && ['Contour', 'contour', `${level ?? 'none'}`, levels],
        ]}
        // The other axis takes the place of an axis that is chosen twice.
        change={(part) => change(y !== null && part.x === y.path ? { ...part, y: x.path } : part)}
      />
      {show !== 'state' && <LogChoice axis={isCurve ? 'y' : 'z'} {...{ search, change }} />}
      {!isCurve && show === 'value' && isShare && !isLog && (
        <Check
          label="colours span this sweep"
          checked={search.span === true}
          toggle={() => change({ span: !search.span || undefined })}
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
