import { confidenceText, trialsText, type WholeCellData } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { useState } from 'react'
import { once } from '../../compute/computer.ts'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSettled } from '../../live/useSettled.ts'
import { Button } from '../../parts/controls.tsx'
import { counted, intervalText, numberText } from '../../parts/format.ts'

/** The estimate that the cell is about, and its exact value if that is known. */
export function CellAnswer({ whole: { sweep, cell, state, resolved } }: { readonly whole: WholeCellData }) {
  const name = 'escape' in cell.estimates ? 'escape' : Object.keys(cell.estimates)[0]
  const isDone = ['met', 'max'].includes(state)
  // Stepping through cells does not compute all of them.
  const isSettled = useSettled(cell.id, 700) === cell.id
  // In more dimensions, the computation can take a minute.
  const isQuick = (resolved.landscape as Partial<Cell['landscape']> | undefined)?.dimension === 1
  const [requested, request] = useState<string | null>(null)
  const exact = useAnswer(
    'exact',
    { sweep: sweep.id, cell: String(cell.index) },
    { enabled: isDone && (isQuick ? isSettled : requested === cell.id), ...once },
  )
  if (name === undefined)
    return <p className="empty">No trials yet. Results appear here when a worker has computed the first trials.</p>
  const { value, low, high, confidence } = cell.estimates[name]!
  const known = exact.data?.cells[0]?.answers[name]?.value
  const isInside =
    known !== undefined && known >= (low ?? Number.NEGATIVE_INFINITY) && known <= (high ?? Number.POSITIVE_INFINITY)
  return (
    <p className="answer">
      {name === 'escape' ? 'P(escape)' : name} <strong>{numberText(value)}</strong> {intervalText(low, high)}
      <span className="faint">
        {` ${confidenceText(confidence, 6)} interval, ${trialsText(counted(cell.trials), resolved)}`}
        {isDone ? '' : ' so far'}
      </span>
      {known !== undefined && (
        <>
          {'; exact value '}
          <strong>{numberText(known)}</strong>
          <span className="faint">
            {isInside
              ? ' inside the interval'
              : ` outside the interval (by chance alone in ${confidenceText(1 - confidence, 3)} of cells)`}
          </span>
        </>
      )}
      {isDone && !isQuick && exact.data === undefined && !exact.isFetching && (
        <>
          {' '}
          <Button label="Compute the exact value" small onClick={() => request(cell.id)} />
        </>
      )}
      {exact.isFetching && (
        <span className="faint">; the farm is computing the exact value, for at most a minute …</span>
      )}
      {exact.error !== null && <span className="faint">; no exact value: {exact.error.message}</span>}
      {exact.data !== undefined && known === undefined && <span className="faint">; no exact value (see Theory)</span>}
    </p>
  )
}
