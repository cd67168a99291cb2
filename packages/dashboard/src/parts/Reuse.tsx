import { countText, type ReusedData, type Submission, toComputeText, unlistedText, widerText } from '@driftfarm/report'
import { useLocation } from '@tanstack/react-router'
import { capitalised, counted } from './format.ts'
import { SweepLinks } from './links.tsx'
import { FindingList } from './states.tsx'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The answer to a submission, for the view of its sweep. */
    submission?: Submission
  }
}

export const Warnings = ({ warnings = [] }: { readonly warnings: readonly string[] | undefined }) =>
  warnings.length > 0 && (
    <FindingList
      className="mistakes"
      aria-label="Warnings"
      findings={warnings.map((text) => ({ verdict: 'note', text, hint: null }))}
    />
  )

interface ReusedProps {
  readonly reused: ReusedData | null | undefined
  /** After the end of the sweep: its trials. */
  readonly all?: string | undefined
}

/** What a sweep reuses from other sweeps. */
export function Reused({ reused, all }: ReusedProps) {
  if (!reused) return null
  const { cells, trials, extended, from } = reused
  const { sweeps } = from ?? { sweeps: [] }
  const unlisted = from === undefined ? ['other sweeps'] : unlistedText(from)
  return (
    <p className="notice">
      {counted(trials)} trials in {countText(cells, 'cell')} {all === undefined ? 'are' : 'were'} reused from{' '}
      <SweepLinks sweeps={sweeps} />
      {sweeps.length > 0 && unlisted.length > 0 && ' and '}
      {unlisted.join(' and ')}.
      {all !== undefined &&
        ` ${counted(Math.max(0, Number(all) - Number(trials)))} trials were computed for this sweep.`}
      {extended > 0 && ` ${capitalised(widerText(extended))}.`}
    </p>
  )
}

/** In the view of a sweep, after it was submitted in this page. */
export function Submitted({ sweep }: { readonly sweep: string }) {
  const submission = useLocation({ select: ({ state }) => state.submission })
  if (submission?.id !== sweep) return null
  const { isNew, computed, warnings } = submission
  return (
    <section aria-label="Submission" role="status">
      <p>
        {isNew ? 'The sweep is stored.' : 'The farm had this sweep already. No new sweep is stored.'}
        {computed !== null && ` When it was submitted, ${toComputeText(computed)} were left to compute.`}
      </p>
      <Warnings warnings={warnings} />
    </section>
  )
}
