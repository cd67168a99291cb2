import { type StatusData, verdictText } from '@driftfarm/report'
import { type Finding, isDoubt } from '@driftfarm/statistics'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { Help } from '../../parts/Help.tsx'
import { FindingItem } from '../../parts/states.tsx'

/** Reading the findings of a cell takes about 10 us, and they are read at most a hundredth of the time. */
const waitMs = ({ done, open, failed }: StatusData['cells']): number => Math.max(5_000, done + open + failed)

export function Findings({ status }: { readonly status: StatusData }) {
  // Read the findings again after cells have finished, not after every trial.
  const done = useSlowly(status.cells.done, waitMs(status.cells))
  const { data } = useAnswer(
    'findings',
    { sweep: status.id },
    { renewedBy: [done, status.state], placeholderData: (before) => before },
  )
  if (data === undefined) return null
  const verdict = verdictText(data, data.findings)
  const doubts = data.findings.filter(isDoubt)
  const notes = data.findings.filter((finding) => !isDoubt(finding))
  return (
    <section className="findings" aria-label="Checks">
      <h2>
        Checks <Help to="checks" />
      </h2>
      <p>
        {verdict.charAt(0).toUpperCase()}
        {verdict.slice(1)}.
      </p>
      {doubts.length > 0 && <List findings={doubts} />}
      {notes.length > 0 && (
        <details>
          <summary>
            {notes.length} {notes.length === 1 ? 'note' : 'notes'} on the precision and meaning of the results
          </summary>
          <List findings={notes} />
        </details>
      )}
    </section>
  )
}

const List = ({ findings }: { readonly findings: readonly Finding[] }) => (
  <ul>
    {findings.map((finding) => (
      <FindingItem key={`${finding.name} ${finding.text}`} {...finding}>
        {' '}
        <span className="faint">({finding.count === 1 ? `cell ${finding.cells[0]}` : `${finding.count} cells`})</span>
      </FindingItem>
    ))}
  </ul>
)
