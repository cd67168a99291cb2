import type { StatusData } from '@driftfarm/report'
import { useState } from 'react'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { FormDialog } from '../../parts/FormDialog.tsx'

export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const farmClient = useFarmClient()
  const [text, setText] = useState('')
  const trials = Number(text)
  return (
    <FormDialog
      title={`Add trials to ${status.name}`}
      label="Add trials"
      isReady={Number.isSafeInteger(trials) && trials > 0}
      change={async () => (await farmClient.act(status.id, { do: 'extend', trials })).warnings}
      onClose={onClose}
    >
      <p>
        If you add trials after you have seen results, the confidence intervals are wider than if you had requested all
        trials from the start. The wider intervals are valid for any number of trials, not only for a number that was
        fixed in advance.
      </p>
      <p>
        <label htmlFor="trials">Trials per cell, including those already done</label>{' '}
        <input id="trials" inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
      </p>
    </FormDialog>
  )
}
