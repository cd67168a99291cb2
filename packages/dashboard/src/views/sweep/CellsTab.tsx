import type { CellsData, StatusData } from '@driftfarm/report'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { counted, intervalText, numberText, pathText, valueText } from '../../parts/format.ts'
import { Waiting } from '../../parts/states.tsx'
import { type Column, Gap, TableFrame, useRowsInView } from '../../parts/TableFrame.tsx'
import { stateWords } from './PhaseMap.tsx'

const rowHeight = 33

type Order = 'index' | 'value' | 'width' | 'trials' | 'state'

export function CellsTab({ sweep, cells }: { readonly sweep: StatusData; readonly cells: CellsData | null }) {
  const [order, setOrder] = useState<Order>('index')
  const places = useMemo(() => (cells === null ? [] : inOrder(cells, order)), [cells, order])
  const { frame, items, before, after } = useRowsInView(places.length, rowHeight)
  if (cells === null) return <Waiting>Loading cells</Waiting>
  const paths = Object.keys(cells.params)
  const names = Object.keys(cells.estimates)
  const by = (name: Order, text: string) => (
    <button type="button" className="sort" aria-pressed={order === name} onClick={() => setOrder(name)}>
      {text}
    </button>
  )
  const byValueOrWidth = (name: string) => (
    <>
      {by('value', name)}
      <span className="beside">{by('width', 'interval width')}</span>
    </>
  )
  const columns: Column[] = [
    { name: by('index', 'Cell') },
    ...paths.map((path) => ({ name: pathText(path), title: path })),
    ...names.map((name, place) => ({ name: place === 0 ? byValueOrWidth(name) : name })),
    { name: by('trials', 'Trials'), is: 'number' },
    { name: by('state', 'State') },
  ]
  return (
    <TableFrame label="Cells" columns={columns} frame={frame}>
      <Gap height={before} columns={columns.length} />
      {items.map(({ index: row }) => {
        const at = places[row]!
        const index = cells.index[at]!
        return (
          <tr key={index}>
            <th scope="row">
              <Link to="/sweeps/$ref/cells/$cell" params={{ ref: sweep.id, cell: String(index) }}>
                {index}
              </Link>
            </th>
            {paths.map((path) => (
              <td key={path}>{valueText(cells.params[path]![at])}</td>
            ))}
            {names.map((name) => {
              const { value, low, high } = cells.estimates[name]!
              return (
                <td key={name} className="nowrap">
                  {numberText(value[at])} <span className="faint">{intervalText(low[at], high[at])}</span>
                </td>
              )
            })}
            <td className="number">{counted(cells.trials[at]!)}</td>
            <td className="nowrap">
              {stateWords[cells.state[at]!]}
              {cells.doubt[at] === null ? '' : `, ${cells.doubt[at]}`}
            </td>
          </tr>
        )
      })}
      <Gap height={after} columns={columns.length} />
    </TableFrame>
  )
}

function inOrder(cells: CellsData, order: Order): readonly number[] {
  const places = cells.index.map((_, at) => at)
  const first = Object.values(cells.estimates)[0]
  const by: Readonly<Record<Order, (at: number) => number | string>> = {
    index: (at) => cells.index[at]!,
    value: (at) => -(first?.value[at] ?? -1),
    width: (at) => -((first?.high[at] ?? 0) - (first?.low[at] ?? 0)),
    trials: (at) => -Number(cells.trials[at]),
    state: (at) => cells.state[at]!,
  }
  const key = by[order]
  return places.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b))
}
