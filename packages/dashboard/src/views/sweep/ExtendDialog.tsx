import type { StatusData } from '@driftfarm/report'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useLive } from '../../live/liveness.tsx'
import { Button, Dialog, Form } from '../../parts/controls.tsx'
import { Failure } from '../../parts/states.tsx'

export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const farmClient = useFarmClient()
  const { acted } = useLive()
  const [text, setText] = useState('')
  const trials = Number(text)
  const isNumber = Number.isSafeInteger(trials) && trials > 0
  const { data, error, mutate } = useMutation({
    mutationFn: () => farmClient.act(status.id, { do: 'extend', trials }),
    onSuccess({ warnings }) {
      acted()
      if (warnings.length === 0) onClose()
    },
  })
  return (
    <Dialog title={`Add trials to ${status.name}`} onClose={onClose}>
      {data === undefined ? (
        <Form submit={mutate}>
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
        </Form>
      ) : (
        <>
          {data.warnings.map((line) => (
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
