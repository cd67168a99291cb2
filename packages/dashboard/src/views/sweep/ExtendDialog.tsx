import type { StatusData } from '@driftfarm/report'
import { type FormEvent, useState } from 'react'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useLive } from '../../live/liveness.tsx'
import { Button, Dialog } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'

export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const farmClient = useFarmClient()
  const { acted } = useLive()
  const [text, setText] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const [shown, setShown] = useState<readonly string[] | null>(null)
  const trials = Number(text)
  const isNumber = Number.isSafeInteger(trials) && trials > 0
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setError(null)
    try {
      const { warnings } = await farmClient.act(status.id, { do: 'extend', trials })
      acted()
      if (warnings.length === 0) onClose()
      else setShown(warnings)
    } catch (thrown) {
      setError(thrown as Error)
    }
  }
  return (
    <Dialog title={`Add trials to ${status.name}`} onClose={onClose}>
      {shown === null ? (
        <form onSubmit={submit}>
          <p>
            If you add trials after you have seen results, the confidence intervals are wider than if you had requested
            all trials from the start. The wider intervals are valid for any number of trials, not only for a number
            that was fixed in advance.
          </p>
          <p>
            <label htmlFor="trials">Trials per cell, including those already done</label>{' '}
            <input id="trials" inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
          </p>
          {error !== null && <Failure error={error} />}
          <p className="dialog-end">
            <Button label="Go back" onClick={onClose} />
            <Button label="Add trials" type="submit" className="primary" disabled={!isNumber} />
          </p>
        </form>
      ) : (
        <>
          {shown.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <p className="dialog-end">
            <Button label="Close" className="primary" onClick={onClose} />
          </p>
        </>
      )}
    </Dialog>
  )
}
