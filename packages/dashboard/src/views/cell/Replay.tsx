import { cellPlaceText, type Figure, figureOf, type RowRecord } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { once } from '../../compute/computer.ts'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, counted, shortId, valueText } from '../../parts/format.ts'
import { Facts, Waiting } from '../../parts/states.tsx'
import type { CellProps } from './search.ts'

export function Replay({ whole, trial, computer }: CellProps & { readonly trial: number }) {
  const { source, isFarm } = useDocumentOrigin()
  const { sweep, cell } = whole
  const here = useQuery({
    queryKey: ['replay', cell.id, trial],
    queryFn: () => computer.run('replay', trial, sweep.name),
    ...once,
  })
  const figure = useQuery({
    queryKey: ['path', cell.id, trial],
    enabled: here.data !== undefined,
    ...once,
    queryFn: (): Promise<Figure> => {
      const paths = { sweep, cell: { index: cell.index, where: cellPlaceText(cell.params) }, ...here.data!.paths }
      return figureOf({ ...source, paths: async () => paths }, sweep.id, {
        kind: 'trajectory',
        cell: cell.index,
        trials: [trial],
      })
    },
  })
  if (here.error !== null || here.data === undefined)
    return <Waiting error={here.error}>Computing trial {trial}</Waiting>
  const { row, agrees } = here.data
  return (
    <section aria-label={`Trial ${trial}`}>
      <Facts facts={shown(row)} />
      {trial >= Number(cell.trials) && (
        <p className="notice">
          The cell has {counted(cell.trials)} stored trials, 0 to {Number(cell.trials) - 1}. Trial {trial} is not one of
          them: it is computed now and does not count.
        </p>
      )}
      <p role="status" className={agrees === false ? 'failure' : 'good'}>
        {agrees === null
          ? 'Computed by the reference implementation, because a report file contains no WebAssembly module. '
          : agrees
            ? 'WebAssembly and the reference implementation agree bit for bit. '
            : 'WebAssembly and the reference implementation give different results. Try another browser. '}
        {isFarm && <There here={row} whole={whole} />}
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

function There({ here, whole }: Pick<CellProps, 'whole'> & { readonly here: RowRecord }) {
  const { sweep, cell } = whole
  const asked = { sweep: sweep.id, cell: String(cell.index), trial: Number(here.trial), control: false }
  const { data, error } = useAnswer('replay', asked, once)
  if (error !== null) return error.message
  if (data === undefined) return 'Comparing with the farm …'
  return sameRow(here, data.data)
    ? `The farm computes the same result bit for bit${data.data.stored === 'equal' ? ', and stores the same row' : ''}.`
    : 'The farm computes a different outcome. Either this browser or the farm made an error.'
}

const shown = (row: RowRecord): (readonly [string, string])[] =>
  Object.entries(row)
    .filter(([name, value]) => name !== 'cell' && value !== null && value !== '' && JSON.stringify(value) !== '{}')
    .map(([name, value]) => [name, typeof value === 'object' ? valueText(value) : String(value)])

/**
 * Whether two rows of a trial are equal. Comparing the JSON texts is enough, because they contain enough digits to
 * distinguish any two doubles.
 */
export function sameRow(here: RowRecord, there: object): boolean {
  const other = there as RowRecord
  return Object.keys(here).every(
    (name) => name === 'cell' || !(name in other) || JSON.stringify(here[name]) === JSON.stringify(other[name]),
  )
}
