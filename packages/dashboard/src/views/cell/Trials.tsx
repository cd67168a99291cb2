import type { WholeCellData } from '@driftfarm/report'
import { useState } from 'react'
import { usePlace } from '../../live/place.tsx'
import { Checked } from './Checked.tsx'
import { Replay } from './Replay.tsx'
import { TrialList } from './TrialList.tsx'
import { useComputer } from './useComputer.ts'

/** Trials of the cell, computed again here: one to be looked at, some to be compared. */
export function Trials({ whole }: { readonly whole: WholeCellData }) {
  const [text, setText] = useState('0')
  const [trial, setTrial] = useState<number | null>(null)
  const computer = useComputer(whole)
  const isNumber = /^\d{1,15}$/.test(text)
  const { isFarm } = usePlace()
  // A file holds the spec of a cell; where that names other files, the cell cannot be made of it.
  const kind = (whole.resolved.method as { readonly kind: string } | undefined)?.kind
  if (kind === undefined) return null
  return (
    <section aria-label="Trials">
      <h2>Its trials, computed here</h2>
      <p>
        {isFarm && 'This page has the very module that the workers run. '}
        Any trial can be computed again from its number alone, and gives the same bits{isFarm ? '' : ' as on the farm'}.
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
        <p className="faint">This cell splits: a replica is many paths, and is replayed by the command alone.</p>
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
            Replay it
          </button>
          <button type="button" disabled={!isNumber} onClick={() => step(1)}>
            Next
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
