import { useState } from 'react'
import { useMayChange, useSource } from '../live/documentOrigin.tsx'
import { useAnswer } from '../live/useAnswer.ts'
import { ActDialog } from './ActDialog.tsx'
import { Button } from './controls.tsx'
import { timeText } from './format.ts'
import { CellLink } from './links.tsx'
import { Waiting } from './states.tsx'
import type { Acted } from './verbs.ts'

export function FailuresOf({ sweep }: { readonly sweep: Acted | null }) {
  const source = useSource()
  const mayRetry = useMayChange()
  const [retried, setRetried] = useState<readonly Acted[] | null>(null)
  const { data, error, refetch } = useAnswer('failures', { sweep: sweep?.id }, { everyMs: () => 10_000 })
  if (error !== null || data === undefined) return <Waiting error={error}>Loading the list of failures</Waiting>
  if (data.causes.length === 0) return <p className="empty">No batch has failed.</p>
  const ask = async (sweeps: readonly { readonly id: string }[]): Promise<void> =>
    setRetried(await Promise.all(sweeps.map(({ id }) => source.status({ sweep: id }))))
  return (
    <section aria-label="Failures">
      {data.causes.map(({ kind, message, count, open, firstAt, lastAt, sweeps, cells, processes }) => (
        <article key={`${kind} ${message}`} className="cause">
          <h3>
            {kind}: {message}
          </h3>
          <p>
            {count === 1 ? 'Once' : `${count} times`},{' '}
            {firstAt === lastAt ? timeText(lastAt) : `${timeText(firstAt)} to ${timeText(lastAt)}`}
            {open > 0
              ? `. ${open} ${open === 1 ? 'batch' : 'batches'} failed on every attempt`
              : '. No affected batch needs a manual retry'}
            .
          </p>
          <p className="faint">
            Affected:{' '}
            {cells.map(({ sweep: of, index }, place) => (
              <span key={`${of} ${index}`}>
                {place > 0 ? ', ' : ''}
                <CellLink sweep={of} cell={index}>
                  cell {index} of {sweeps.find(({ id }) => id === of)?.name ?? of.slice(0, 8)}
                </CellLink>
              </span>
            ))}
            {processes.length > 0 ? `; on ${processes.join(', ')}` : ''}
          </p>
          {mayRetry && open > 0 && <Button label="Retry" onClick={() => void ask(sweeps)} />}
        </article>
      ))}
      {retried !== null && (
        <ActDialog
          verb="retry"
          sweeps={retried}
          onClose={() => {
            setRetried(null)
            void refetch()
          }}
        />
      )}
    </section>
  )
}
