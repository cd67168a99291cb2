import { durationText, type PlanData } from '@driftfarm/report'
import { counted, numberText } from '../../parts/format.ts'

/** What a run would do and cost, and which method suits. */
export function Planned({ plan }: { readonly plan: PlanData }) {
  const { cells, trials, done, cpuSeconds, upperBound, findings, recommended = [] } = plan
  return (
    <section aria-label="Plan">
      <h2>What it would cost</h2>
      <dl className="facts">
        <div>
          <dt>Cells</dt>
          <dd>{counted(cells)}</dd>
        </div>
        <div>
          <dt>{upperBound ? 'Trials, at most' : 'Trials'}</dt>
          <dd>
            {counted(trials)}
            {done.trials === '0' ? '' : `, of which ${counted(done.trials)} are stored`}
          </dd>
        </div>
        <div>
          <dt>{upperBound ? 'Time of one thread, at most' : 'Time of one thread'}</dt>
          <dd>{cpuSeconds === null ? 'not known' : durationText(cpuSeconds)}</dd>
        </div>
      </dl>
      {recommended.length > 0 && (
        <ul>
          {recommended.map(({ cell, method, probability, reason }) => (
            <li key={cell}>
              Cell {cell}: method <strong>{method}</strong>
              {probability === null ? '' : `, about ${numberText(probability)} of the trials escape`}; {reason}.
            </li>
          ))}
        </ul>
      )}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ name, verdict, text, mend }) => (
            <li key={`${name} ${text}`} className={`finding finding-${verdict}`}>
              <strong>{verdict}</strong> {text}
              {mend ? <span className="mend"> {mend}</span> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
