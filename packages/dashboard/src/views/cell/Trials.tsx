import type { WholeCellData } from '@driftfarm/report'
import { useState } from 'react'
import { useComputer } from '../../compute/computer.ts'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { Checked } from './Checked.tsx'
import { Replay } from './Replay.tsx'
import { TrialList } from './TrialList.tsx'

export function Trials({ whole }: { readonly whole: WholeCellData }) {
  const [text, setText] = useState('0')
  const [trial, setTrial] = useState<number | null>(null)
  const computer = useComputer(whole)
  const isNumber = /^\d{1,15}$/.test(text)
  const { isFarm } = useDocumentOrigin()
  // For a cell of a report file, `resolved` is built from the spec in that file. If the spec names other files,
  // `resolved` is empty, and no trials can be computed.
  const kind = (whole.resolved.method as { readonly kind: string } | undefined)?.kind
  if (kind === undefined) return null
  return (
    <section aria-label="Trials">
      <h2>Trials computed in this browser</h2>
      <p>
        {isFarm && 'This page runs the same WebAssembly module as the workers. '}
        Any trial can be recomputed from its number; the result is bit for bit the same as{' '}
        {isFarm ? 'the stored result' : 'the result of the farm'}.
      </p>
      {kind !== 'splitting' && (
        <TrialList
          id={whole.cell.id}
          trials={Number(whole.cell.trials)}
          computer={computer}
          shown={trial}
          show={(next) => {
            setText(String(next))
            setTrial(next)
          }}
        />
      )}
      {kind === 'splitting' ? (
        <p className="faint">
          This cell uses splitting, in which a replica consists of many paths. To replay a replica, use{' '}
          <code>driftfarm replay</code>.
        </p>
      ) : (
        <form
          className="controls"
          onSubmit={(event) => {
            event.preventDefault()
            setTrial(Number(text))
          }}
        >
          <span className="field">
            <label htmlFor="trial">Trial</label>
            <input id="trial" inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
          </span>
          <button type="submit" disabled={!isNumber}>
            Replay the trial
          </button>
          <button type="button" disabled={!isNumber} onClick={() => step(1)}>
            Replay the next trial
          </button>
        </form>
      )}
      {trial !== null && <Replay whole={whole} trial={trial} computer={computer} />}
      {kind === 'direct' && isFarm && <Checked whole={whole} computer={computer} />}
    </section>
  )

  function step(by: number): void {
    const next = Number(text) + by
    setText(String(next))
    setTrial(next)
  }
}
