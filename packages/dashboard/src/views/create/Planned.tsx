import { durationText, farmTimes, type PlanData } from '@driftfarm/report'
import { capitalised, counted, numberText } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Reuse } from '../../parts/Reuse.tsx'
import { Fact, FindingItem } from '../../parts/states.tsx'

export function Planned({ plan }: { readonly plan: PlanData }) {
  const { cells, trials, cpuSeconds, upperBound, findings, recommended = [], reused, computed, warnings } = plan
  return (
    <section aria-label="Plan">
      <h2>
        Estimated cost <Help to="cost" />
      </h2>
      <dl className="facts">
        <Fact name="Cells">{counted(cells)}</Fact>
        <Fact name={upperBound ? 'Trials, at most' : 'Trials'}>{counted(trials)}</Fact>
        {farmTimes(plan.seconds, upperBound).map(([name, text]) => (
          <Fact key={name} name={capitalised(name)}>
            {text}
          </Fact>
        ))}
        {cpuSeconds !== null && (
          <Fact name={upperBound ? 'CPU time, at most' : 'CPU time'}>{durationText(cpuSeconds)}</Fact>
        )}
      </dl>
      <Reuse reused={reused} computed={computed} warnings={warnings} />
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
