import { methodText, quantityOf, trialsText, type WholeCellData } from '@driftfarm/report'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { SweepLinks } from '../../parts/links.tsx'
import { FindingList } from '../../parts/states.tsx'
import { Table } from '../../parts/Table.tsx'
import { sortedChecks } from './sortedChecks.ts'

export function Estimates({ whole: { cell, otherSweeps, resolved } }: { readonly whole: WholeCellData }) {
  if (Object.keys(cell.estimates).length === 0)
    return <p className="empty">No trials yet. Results appear here when a worker has computed the first trials.</p>
  return (
    <>
      <Table
        label="Estimates"
        columns={[
          { name: 'Estimate', show: ([name]) => <EstimateName name={name} /> },
          { name: 'Value', is: 'number', show: ([, { value }]) => numberText(value) },
          { name: 'Interval', is: 'nowrap', show: ([, { low, high }]) => intervalText(low, high) },
          { name: 'Method', show: ([, estimate]) => methodText(estimate) },
        ]}
        rows={Object.entries(cell.estimates)}
        keyOf={([name]) => name}
      />
      <section className="findings" aria-label="Checks">
        <h2>Checks</h2>
        <FindingList findings={sortedChecks(cell.checks)} />
      </section>
      <p className="faint">
        {trialsText(counted(cell.trials), resolved)}, {counted(cell.steps)} steps, {numberText(cell.cpuSeconds)} s of
        CPU time. Digest of the trials: <code>{cell.digest}</code>. Recomputing the trials gives the same digest.
      </p>
      {otherSweeps.length > 0 && (
        <p className="faint">
          The same trials are also used by <SweepLinks sweeps={otherSweeps} />.
        </p>
      )}
    </>
  )
}

interface EstimateNameProps {
  readonly name: string
  readonly meaning?: string | undefined
}

export const EstimateName = ({ name, meaning = quantityOf(name).label }: EstimateNameProps) => (
  <>
    {name} <span className="faint">{meaning}</span>
  </>
)
