import type { CellsData, StatusData } from '@driftfarm/report'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Button, Check, Copy, Select } from '../../parts/controls.tsx'
import { commandText, counted, intervalText, numberText, pathText, shortId, valueText } from '../../parts/format.ts'
import { Waiting } from '../../parts/states.tsx'
import { domainOf, mapped, numberOf, placesText, type Shown } from './mapping.ts'
import { ColorKey, PhaseMap } from './PhaseMap.tsx'
import type { SweepSearch } from './search.ts'

export interface TabProps {
  readonly sweep: StatusData
  readonly cells: CellsData | null
  readonly search: SweepSearch
  change(part: SweepSearch): void
}

const shows: readonly (readonly [Shown, string])[] = [
  ['value', 'value'],
  ['width', 'interval width'],
  ['trials', 'number of trials'],
  ['state', 'cell state'],
]

export function MapTab({ sweep, cells, search, change }: TabProps) {
  const navigate = useNavigate()
  // While no cell is new, these two stay the same objects.
  const { params = null, index = null } = cells ?? {}
  const map = useMemo(
    () => (params === null || index === null ? null : mapped({ params, index }, search)),
    [params, index, search],
  )
  const names = cells === null ? [] : Object.keys(cells.estimates)
  const of = search.of !== undefined && names.includes(search.of) ? search.of : (names[0] ?? 'escape')
  const hasValues = cells?.estimates[of]?.value.some((value) => value !== null) ?? false
  const show: Shown = search.show ?? (hasValues ? 'value' : 'state')
  const domain = useMemo(
    () =>
      cells === null || show === 'state' ? null : domainOf(cells.index.map((_, at) => numberOf(cells, at, show, of))),
    [cells, show, of],
  )
  if (cells === null) return <Waiting>Loading cells</Waiting>
  const open = (index: number): void =>
    void navigate({ to: '/sweeps/$ref/cells/$cell', params: { ref: sweep.id, cell: String(index) } })
  if (map === null || cells.index.length === 1)
    return <OneCell cells={cells} of={of} open={() => open(cells.index[0] ?? 0)} />
  const paths = Object.keys(cells.params)
  const isLog = search.log?.includes('z') ?? false
  const choose = (path: string, at: number): void =>
    change({ at: placesText(map.others.map((other) => [other.path, other.path === path ? at : other.at] as const)) })
  return (
    <section aria-label="Map of the cells">
      <div className="controls">
        {paths.length > 1 && (
          <>
            <Select
              label="x axis"
              value={map.x}
              options={paths.map((path) => [path, pathText(path)])}
              choose={(x) => change({ x, y: x === map.y ? map.x : (map.y ?? undefined) })}
            />
            <Select
              label="y axis"
              value={map.y ?? ''}
              options={paths.filter((path) => path !== map.x).map((path) => [path, pathText(path)])}
              choose={(y) => change({ y })}
            />
          </>
        )}
        <Select
          label="Estimate"
          value={of}
          options={names.length === 0 ? [[of, of]] : names.map((name) => [name, name])}
          choose={(name) => change({ of: name })}
        />
        <Select label="Show" value={show} options={shows} choose={(next) => change({ show: next as Shown })} />
        {show !== 'state' && (
          <Check label="log colour scale" checked={isLog} toggle={() => change({ log: isLog ? undefined : 'z' })} />
        )}
        {map.others.map(({ path, values, at }) => (
          <Select
            key={path}
            label={pathText(path)}
            value={String(at)}
            options={values.map((value, place) => [String(place), valueText(value)])}
            choose={(place) => choose(path, Number(place))}
          />
        ))}
      </div>
      <ColorKey show={show} of={of} domain={domain} isLog={isLog} cells={cells} />
      <PhaseMap cells={cells} map={map} show={show} of={of} domain={domain} isLog={isLog} open={open} />
      <Copy
        text={commandText(['figure', shortId(sweep.id)], {
          ...(paths.length > 1 ? { kind: 'map', x: map.x, y: map.y ?? undefined } : {}),
          of,
          show: show === 'width' || show === 'trials' ? show : undefined,
          log: isLog ? 'z' : undefined,
        })}
      />
    </section>
  )
}

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
