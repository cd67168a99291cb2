import type { StatusData } from '@driftfarm/report'
import { type Finding, isDoubt, whichRan } from '@driftfarm/statistics'
import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/documentOrigin.tsx'
import { useSlowly } from '../../live/useSlowly.ts'
import { FindingItem } from '../../parts/states.tsx'

/** Findings are read only for sweeps of up to this many cells. In larger sweeps, only the map marks doubtful cells. */
const maxCells = 2_000

export function Findings({ status }: { readonly status: StatusData }) {
  const source = useSource()
  const cells = status.cells.done + status.cells.open + status.cells.failed
  const done = useSlowly(status.cells.done, 10_000)
  const { data } = useQuery({
    // Read the findings again after cells have finished, not after every trial.
    queryKey: ['findings', status.id, done, status.state],
    queryFn: () => source.withResults(status.id, async ({ tail }) => (await tail()).findings),
    enabled: cells <= maxCells && Number(status.trials.done) > 0,
    placeholderData: (before) => before,
  })
  if (data === undefined || data.length === 0) return null
  const doubts = data.filter(isDoubt)
  const notes = data.filter((finding) => !isDoubt(finding))
  return (
    <section className="findings" aria-label="Checks">
      <h2>Checks</h2>
      {doubts.length > 0 ? <List findings={doubts} /> : <p>All cells pass every check{whichRan(data)}.</p>}
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
