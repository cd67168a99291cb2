import type { RowRecord } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Computer } from '../../compute/computer.ts'
import { counted, numberText } from '../../parts/format.ts'
import { Failure } from '../../parts/states.tsx'
import { TableFrame } from '../../parts/TableFrame.tsx'

const lines = 20

interface Props {
  readonly id: string
  readonly trials: number
  readonly computer: Computer
  readonly shown: number | null
  show(trial: number): void
}

export function TrialList({ id, trials, computer, shown, show }: Props) {
  const [requested, setRequested] = useState(false)
  const [from, setFrom] = useState(0)
  const count = Math.min(lines, trials - from)
  const { data, error } = useQuery({
    queryKey: ['trials', id, from, count],
    queryFn: () => computer.rows(from, count) as Promise<readonly RowRecord[]>,
    enabled: requested && count > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  if (error !== null) return <Failure error={error} />
  if (count <= 0) return null
  if (!requested)
    return (
      <p>
        <button type="button" onClick={() => setRequested(true)}>
          Show the first {count} trials
        </button>
      </p>
    )
  return (
    <>
      <TableFrame
        label="Individual trials"
        columns={[
          'Trial',
          'Outcome',
          { name: 'Escape step', is: 'number' },
          { name: 'Steps', is: 'number' },
          { name: 'Final loss', is: 'number' },
        ]}
        isLow
      >
        {(data ?? []).map(({ trial, end, escaped_at, steps, loss }) => (
          <tr key={String(trial)} aria-current={Number(trial) === shown ? 'true' : undefined}>
            <th scope="row">
              <button type="button" className="small" onClick={() => show(Number(trial))}>
                {String(trial)}
              </button>
            </th>
            <td>{String(end)}</td>
            <td className="number">{escaped_at === null || escaped_at === undefined ? '' : String(escaped_at)}</td>
            <td className="number">{counted(Number(steps))}</td>
            <td className="number">{numberText(Number(loss))}</td>
          </tr>
        ))}
      </TableFrame>
      <div className="tools">
        <button type="button" className="small" disabled={from === 0} onClick={() => setFrom(from - lines)}>
          ‹ Previous
        </button>
        <button type="button" className="small" disabled={from + lines >= trials} onClick={() => setFrom(from + lines)}>
          Next ›
        </button>
        <span className="faint">
          Trials {from} to {from + count - 1} of {counted(trials)}. Click a trial to draw it step by step.
        </span>
      </div>
    </>
  )
}
