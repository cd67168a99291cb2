import { type CellsData, quantityOf, type StatusData, unitsColumn } from '@driftfarm/report'
import { useMemo, useState } from 'react'
import { Button } from '../../parts/controls.tsx'
import { capitalised, counted, pathText, valueText } from '../../parts/format.ts'
import { CellLink } from '../../parts/links.tsx'
import { Estimate, Waiting } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/Table.tsx'
import { stateWords } from './cellWords.ts'

type Order = 'index' | 'value' | 'width' | 'trials' | 'state'

export function CellsTab({ sweep, cells }: { readonly sweep: StatusData; readonly cells: CellsData | null }) {
  const [order, setOrder] = useState<Order>('index')
  const places = useMemo(() => (cells === null ? [] : inOrder(cells, order)), [cells, order])
  if (cells === null) return <Waiting>Loading cells</Waiting>
  const paths = Object.keys(cells.params)
  const by = (name: Order, text: string) => (
    <Button label={text} className="sort" aria-pressed={order === name} onClick={() => setOrder(name)} />
  )
  const byValueOrWidth = (name: string) => (
    <>
      {by('value', name)}
      <span className="beside">{by('width', 'width of its interval')}</span>
    </>
  )
  /** A row is the position of a cell in the lists of `CellsData`. */
  const columns: Column<number>[] = [
    {
      name: by('index', 'Cell'),
      show: (at) => <CellLink sweep={sweep.id} cell={cells.index[at]!} />,
    },
    ...paths.map((path) => ({
      name: pathText(path),
      title: path,
      show: (at: number) => valueText(cells.params[path]![at]),
    })),
    ...Object.entries(cells.estimates).map(([name, { value, low, high }], place) => ({
      name: place === 0 ? byValueOrWidth(quantityOf(name).label) : quantityOf(name).label,
      title: name,
      is: 'nowrap' as const,
      show: (at: number) => <Estimate value={value[at]} low={low[at]} high={high[at]} />,
    })),
    {
      name: by('trials', capitalised(unitsColumn(sweep.method))),
      is: 'number',
      show: (at) => counted(cells.trials[at]!),
    },
    {
      name: by('state', 'State'),
      is: 'nowrap',
      show: (at) => stateWords[cells.state[at]!] + (cells.doubt[at] === null ? '' : `, ${cells.doubt[at]}`),
    },
  ]
  return <Table label="Cells" columns={columns} rows={places} keyOf={(at) => cells.index[at]!} rowHeight={33} />
}

function inOrder(cells: CellsData, order: Order): readonly number[] {
  const first = Object.values(cells.estimates)[0]
  const by: Readonly<Record<Order, (at: number) => number | string>> = {
    index: (at) => cells.index[at]!,
    value: (at) => -(first?.value[at] ?? -1),
    width: (at) => -((first?.high[at] ?? 0) - (first?.low[at] ?? 0)),
    trials: (at) => -Number(cells.trials[at]),
    state: (at) => cells.state[at]!,
  }
  const key = by[order]
  return cells.index.map((_, at) => at).sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b))
}
