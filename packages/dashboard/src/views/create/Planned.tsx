import { adviceText, computedText, computingText, farmTimes, type PlanData } from '@driftfarm/report'
import { capitalised, counted } from '../../parts/format.ts'
import { HelpedHeading } from '../../parts/Help.tsx'
import { Reused, Warnings } from '../../parts/Reuse.tsx'
import { Facts, FindingList } from '../../parts/states.tsx'

export function Planned({ plan }: { readonly plan: PlanData }) {
  const { cells, trials, cpuSeconds, upperBound, findings, recommended = [], reused, computed, warnings } = plan
  const most = upperBound ? ', at most' : ''
  return (
    <section aria-label="Plan">
      <HelpedHeading to="cost">Estimated cost</HelpedHeading>
      <Facts
        facts={[
          ['Cells', counted(cells)],
          [`Trials${most}`, counted(trials)],
          ...farmTimes(plan).map(([name, text]) => [capitalised(name), text] as const),
          cpuSeconds !== null && [`CPU time${most}`, computingText(cpuSeconds)],
        ]}
      />
      <Reused reused={reused} />
      {computed ? <p>{capitalised(computedText(computed))}.</p> : null}
      <Warnings warnings={warnings} />
      {recommended.length > 0 && (
        <ul>
          {recommended.map((advice) => (
            <li key={advice.cell}>
              Method for cell {advice.cell}: {adviceText(advice)}.
            </li>
          ))}
        </ul>
      )}
      {findings.length > 0 && <FindingList findings={findings} />}
    </section>
  )
}
