import { durationText, type PlanData } from '@driftfarm/report'
import { counted, numberText } from '../../parts/format.ts'
import { Fact, FindingItem } from '../../parts/states.tsx'

export function Planned({ plan }: { readonly plan: PlanData }) {
  const { cells, trials, done, cpuSeconds, upperBound, findings, recommended = [] } = plan
  return (
    <section aria-label="Plan">
      <h2>Estimated cost</h2>
      <dl className="facts">
        <Fact name="Cells">{counted(cells)}</Fact>
        <Fact name={upperBound ? 'Trials, at most' : 'Trials'}>
          {counted(trials)}
          {done.trials === '0' ? '' : `, ${counted(done.trials)} already stored`}
        </Fact>
        <Fact name={upperBound ? 'CPU time, at most' : 'CPU time'}>
          {cpuSeconds === null ? 'unknown' : durationText(cpuSeconds)}
        </Fact>
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
