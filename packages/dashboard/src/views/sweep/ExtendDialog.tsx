import type { StatusData } from '@driftfarm/report'
import { type FormEvent, useState } from 'react'
import { useLive } from '../../live/liveness.tsx'
import { useDesk } from '../../live/place.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Failure } from '../../parts/Failure.tsx'

/** Asks for more trials a cell. What that does to the intervals is said. */
export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const desk = useDesk()
  const { acted } = useLive()
  const [text, setText] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const [said, setSaid] = useState<readonly string[] | null>(null)
  const trials = Number(text)
  const isNumber = Number.isSafeInteger(trials) && trials > 0
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setError(null)
    try {
      const { warnings } = await desk.act(status.id, { do: 'extend', trials })
      acted()
      if (warnings.length === 0) onClose()
      else setSaid(warnings)
    } catch (thrown) {
      setError(thrown as Error)
    }
  }
  return (
    <Dialog title={`More trials for ${status.name}`} onClose={onClose}>
      {said === null ? (
        <form onSubmit={submit}>
          <p>
            Who asks for more after a look at the first gets intervals that hold at any number of trials; they are wider
            than those of a number that was fixed before.
          </p>
          <p>
            <label htmlFor="trials">Trials a cell, those that are done included</label>{' '}
            <input id="trials" inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
          </p>
          {error !== null && <Failure error={error} />}
          <p className="dialog-end">
            <button type="button" onClick={onClose}>
              Leave it
            </button>
            <button type="submit" className="primary" disabled={!isNumber}>
              Ask for them
            </button>
          </p>
        </form>
      ) : (
        <>
          {said.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <p className="dialog-end">
            <button type="button" className="primary" onClick={onClose}>
              Good
            </button>
          </p>
        </>
      )}
    </Dialog>
  )
}
