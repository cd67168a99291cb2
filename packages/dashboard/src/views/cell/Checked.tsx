import type { RowRecord, WholeCellData } from '@driftfarm/report'
import { useState } from 'react'
import type { Computer } from '../../compute/computer.ts'
import { useSource } from '../../live/documentOrigin.tsx'
import { Button, Field } from '../../parts/controls.tsx'
import { sameRow } from './Replay.tsx'

type State =
  | { readonly kind: 'asked' | 'none' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly compared: number; readonly different: readonly number[] }

export function Checked({ whole, computer }: { readonly whole: WholeCellData; readonly computer: Computer }) {
  const source = useSource()
  const [count, setCount] = useState(10)
  const [state, setState] = useState<State>({ kind: 'none' })
  const { sweep, cell } = whole
  const check = async (): Promise<void> => {
    setState({ kind: 'asked' })
    try {
      const kept = await source.keptRows({ sweep: sweep.id, cell: String(cell.index), count })
      if (kept.length === 0)
        return setState({
          kind: 'failed',
          message: 'This cell has no recorded rows. Set `record: all` in the spec and submit the spec again.',
        })
      const different: number[] = []
      for (const row of kept) {
        const trial = Number(row.trial)
        const [own] = await computer.rows(trial, 1)
        if (!sameRow(own as RowRecord, row)) different.push(trial)
      }
      setState({ kind: 'done', compared: kept.length, different })
    } catch (error) {
      setState({ kind: 'failed', message: (error as Error).message })
    }
  }
  return (
    <form
      className="controls"
      onSubmit={(event) => {
        event.preventDefault()
        void check()
      }}
    >
      <Field
        label="Trials to check"
        type="number"
        min={1}
        max={1000}
        value={count}
        onChange={(event) => setCount(Math.min(1000, Math.max(1, Number(event.target.value) || 1)))}
      />
      <Button label="Check in this browser" type="submit" disabled={state.kind === 'asked'} />
      <span role="status">
        {state.kind === 'asked' && 'Recomputing …'}
        {state.kind === 'failed' && state.message}
        {state.kind === 'done' &&
          (state.different.length === 0
            ? `Recorded trials checked: ${state.compared}. This browser and the farm agree bit for bit.`
            : `Trials with different results: ${state.different.join(', ')}. ` +
              'Either this browser or the farm made an error.')}
      </span>
    </form>
  )
}
