import type { WholeCellData } from '@driftfarm/report'
import { Link, useParams } from '@tanstack/react-router'
import { useTitle } from '../../app/useTitle.ts'
import { useAnswer } from '../../live/useAnswer.ts'
import { counted, intervalText, numberText, pathText, valueText } from '../../parts/format.ts'
import { Failure, FindingItem, Waiting } from '../../parts/states.tsx'
import { Table } from '../../parts/Table.tsx'
import { CellFigures } from './CellFigures.tsx'
import { Exact } from './Exact.tsx'
import { Trials } from './Trials.tsx'

export function CellView() {
  const { ref, cell: place } = useParams({ from: '/sweeps/$ref/cells/$cell' })
  const everyMs = (known: WholeCellData | undefined): number | false =>
    known === undefined || ['met', 'max', 'failed'].includes(known.state) ? false : 2_000
  const { data, error, refetch } = useAnswer('cell', { sweep: ref, cell: place }, { everyMs })
  useTitle(data === undefined ? null : `cell ${data.cell.index} of ${data.sweep.name}`)
  if (error !== null) return <Failure title="Cell" error={error} again={() => void refetch()} />
  if (data === undefined) return <Waiting>Loading the cell</Waiting>
  const { sweep, cell, why, otherSweeps } = data
  const names = Object.keys(cell.estimates)
  return (
    <article className="cell">
      <nav aria-label="Breadcrumb">
        <Link to="/sweeps/$ref" params={{ ref: sweep.id }}>
          ‹ {sweep.name}
        </Link>
      </nav>
      <h1>
        Cell {cell.index}
        <span className="faint">
          {Object.entries(cell.params).map(([path, value]) => ` ${pathText(path)} ${valueText(value)}`)}
        </span>
      </h1>
      <p className="why">{why}</p>
      {otherSweeps.length > 0 && (
        <p className="faint">
          Also used by{' '}
          {otherSweeps.map(({ id, name }, at) => (
            <span key={id}>
              {at > 0 ? ', ' : ''}
              <Link to="/sweeps/$ref" params={{ ref: id }}>
                {name}
              </Link>
            </span>
          ))}
          . Digest of the trials: <code>{cell.digest}</code>. Recomputing the trials gives the same digest.
        </p>
      )}
      {names.length === 0 ? (
        <p className="empty">No trials yet. Results appear here when a worker has computed the first trials.</p>
      ) : (
        <>
          <h2>Estimates</h2>
          <Table
            label="Estimates"
            columns={[
              { name: 'Estimate', show: ([name]) => name },
              { name: 'Value', is: 'number', show: ([, { value }]) => numberText(value) },
              { name: 'Interval', is: 'nowrap', show: ([, { low, high }]) => intervalText(low, high) },
              {
                name: 'Method',
                show: ([, { confidence, method }]) => `${Number((confidence * 100).toPrecision(6))} % ${method}`,
              },
            ]}
            rows={Object.entries(cell.estimates)}
            keyOf={([name]) => name}
          />
          <p className="faint">
            {counted(cell.trials)} trials, {counted(cell.steps)} steps, {numberText(cell.cpuSeconds)} s of CPU time.
          </p>
          <CellChecks checks={cell.checks} />
          <CellFigures sweep={sweep} index={cell.index} names={names} params={cell.params} />
        </>
      )}
      <Trials whole={data} />
      <Exact whole={data} />
    </article>
  )
}

export function CellChecks({ checks }: { readonly checks: WholeCellData['cell']['checks'] }) {
  if (checks.length === 0) return null
  const order = { wrong: 0, doubtful: 1, note: 2, good: 3 } as const
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict])
  return (
    <section className="findings" aria-label="Checks">
      <h2>Checks</h2>
      <ul>
        {sorted.map((check) => (
          <FindingItem key={`${check.name} ${check.text}`} {...check} />
        ))}
      </ul>
    </section>
  )
}
