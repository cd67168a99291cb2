import { countText, type StatusData, verdictText } from '@driftfarm/report'
import { type Finding, isDoubt } from '@driftfarm/statistics'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { capitalised } from '../../parts/format.ts'
import { HelpedHeading } from '../../parts/Help.tsx'
import { FindingList } from '../../parts/states.tsx'

/** Reading the findings of a cell takes about 10 us, and they are read at most a hundredth of the time. */
const waitMs = ({ done, open, failed }: StatusData['cells']): number => Math.max(5_000, done + open + failed)

export function Findings({ status }: { readonly status: StatusData }) {
  // Read the findings again after cells have finished, not after every trial.
  const done = useSlowly(status.cells.done, waitMs(status.cells))
  const { data } = useAnswer('findings', { sweep: status.id }, { renewedBy: [done, status.state] })
  if (data === undefined) return null
  const doubts = data.findings.filter(isDoubt)
  const notes = data.findings.filter((finding) => !isDoubt(finding))
  return (
    <section className="findings" aria-label="Checks">
      <HelpedHeading to="checks">Checks</HelpedHeading>
      <p>{capitalised(verdictText(data, data.findings))}.</p>
      {doubts.length > 0 && <FindingList findings={doubts.map(placed)} />}
      {notes.length > 0 && (
        <details>
          <summary>{countText(notes.length, 'note')} on the precision and meaning of the results</summary>
          <FindingList findings={notes.map(placed)} />
        </details>
      )}
    </section>
  )
}

/** Each finding with its cells. */
const placed = ({ text, count, cells, ...finding }: Finding) => ({
  ...finding,
  text: `${text} (${count === 1 ? `cell ${cells[0]}` : `${count} cells`})`,
})
