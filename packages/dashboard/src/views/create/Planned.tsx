import { durationText, type PlanData } from '@driftfarm/report'
import { counted, numberText } from '../../parts/format.ts'
import { FindingItem } from '../../parts/states.tsx'

export function Planned({ plan }: { readonly plan: PlanData }) {
  const { cells, trials, done, cpuSeconds, upperBound, findings, recommended = [] } = plan
  return (
    <section aria-label="Plan">
      <h2>Estimated cost</h2>
      <dl className="facts">
        <div>
          <dt>Cells</dt>
          <dd>{counted(cells)}</dd>
        </div>
        <div>
          <dt>{upperBound ? 'Trials, at most' : 'Trials'}</dt>
          <dd>
            {counted(trials)}
            {done.trials === '0' ? '' : `, ${counted(done.trials)} already stored`}
          </dd>
        </div>
        <div>
          <dt>{upperBound ? 'CPU time, at most' : 'CPU time'}</dt>
          <dd>{cpuSeconds === null ? 'unknown' : durationText(cpuSeconds)}</dd>
        </div>
      </dl>
      {recommended.length > 0 && (
        <ul>
          {recommended.map(({ cell, method, probability, reason }) => (
            <li key={cell}>
              Cell {cell}: recommended method <strong>{method}</strong>
              {probability === null ? '' : `, escape probability about ${numberText(probability)}`}; {reason}.
            </li>
          ))}
        </ul>
      )}
      {findings.length > 0 && (
        <ul>
          {findings.map((finding) => (
            <FindingItem key={`${finding.name} ${finding.text}`} {...finding} />
          ))}
        </ul>
      )}
    </section>
  )
}
