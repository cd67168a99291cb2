import { cellPlaceText, type Figure, figureFrom, type RowRecord, type WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import type { Computer } from '../../live/computer.ts'
import { usePlace, useSource } from '../../live/place.tsx'
import { commandText, shortId } from '../../parts/command.ts'
import { Failure } from '../../parts/Failure.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { Waiting } from '../../parts/Waiting.tsx'

interface Props {
  readonly whole: WholeCellData
  readonly trial: number
  readonly computer: Computer
}

/** One trial computed here: what became of it, whether the farm has the same, and its path. */
export function Replay({ whole, trial, computer }: Props) {
  const { source, isFarm } = usePlace()
  const { sweep, cell } = whole
  const here = useQuery({
    queryKey: ['replay', cell.id, trial],
    queryFn: () => computer.replay(trial, sweep.name),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const figure = useQuery({
    queryKey: ['path', cell.id, trial],
    enabled: here.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: (): Promise<Figure> => {
      const paths = { sweep, cell: { index: cell.index, where: cellPlaceText(cell.params) }, ...here.data!.paths }
      return figureFrom({ ...source, paths: async () => paths }, sweep.id, {
        kind: 'trajectory',
        cell: cell.index,
        trials: [trial],
      })
    },
  })
  if (here.error !== null) return <Failure error={here.error} />
  if (here.data === undefined) return <Waiting>Computing trial {trial}</Waiting>
  const { row, agrees } = here.data
  return (
    <section aria-label={`Trial ${trial}`}>
      <dl className="facts">
        {shown(row).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p role="status" className={agrees === false ? 'failure' : 'good'}>
        {agrees === null
          ? 'Computed by the reference: a report file holds no module. '
          : agrees
            ? 'WebAssembly and the reference agree bit for bit here. '
            : 'WebAssembly and the reference disagree here. '}
        {isFarm && <There here={row} sweep={sweep} index={cell.index} trial={trial} />}
      </p>
      {figure.data !== undefined && (
        <FigureView
          figure={figure.data}
          command={commandText(['figure', shortId(sweep.id)], { kind: 'trajectory', cell: cell.index, trial })}
        />
      )}
    </section>
  )
}

interface ThereProps {
  readonly here: RowRecord
  readonly sweep: WholeCellData['sweep']
  readonly index: number
  readonly trial: number
}

/** Whether the farm, asked for the same trial, has the same of it. */
function There({ here, sweep, index, trial }: ThereProps) {
  const source = useSource()
  const { data, error } = useQuery({
    queryKey: ['farm-replay', sweep.id, index, trial],
    queryFn: () => source.replay(sweep.id, String(index), trial),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (error !== null) return error.message
  if (data === undefined) return 'Asking the farm …'
  return sameRow(here, data.data)
    ? `The farm gets the same bits${data.data.stored === 'equal' ? ', and has kept them' : ''}.`
    : 'The farm gets another outcome: this browser or a machine of the farm computes wrongly.'
}

const shown = (row: RowRecord): (readonly [string, string])[] =>
  Object.entries(row)
    .filter(([name, value]) => name !== 'cell' && value !== null && value !== '' && JSON.stringify(value) !== '{}')
    .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)])

/** Whether what both have of a trial is the same: doubles are written with all that tells them apart. */
export function sameRow(here: RowRecord, there: object): boolean {
  const other = there as RowRecord
  return Object.keys(here).every(
    (name) => name === 'cell' || !(name in other) || JSON.stringify(here[name]) === JSON.stringify(other[name]),
  )
}
