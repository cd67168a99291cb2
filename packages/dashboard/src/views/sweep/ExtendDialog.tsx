import { type StatusData, unitsColumn } from '@driftfarm/report'
import { useState } from 'react'
import { Field } from '../../parts/controls.tsx'
import { FormDialog } from '../../parts/FormDialog.tsx'
import { capitalised } from '../../parts/format.ts'

export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const [text, setText] = useState('')
  const trials = Number(text)
  const { method, cells } = status
  const units = unitsColumn(method)
  const each = Number(status.trials.requested) / (cells.done + cells.open + cells.failed)
  const known = method === 'several' ? '' : ` (${each})`
  return (
    <FormDialog
      title={`Add ${units} to ${status.name}`}
      label={`Add ${units}`}
      isReady={Number.isSafeInteger(trials) && trials > 0}
      change={async (farm) => (await farm.act(status.id, { do: 'extend', trials })).warnings}
      onClose={onClose}
    >
      <p>
        If you add {units} after you have seen results, the confidence intervals are wider than if you had requested
        them from the start. The wider intervals are valid for any number, not only for a number that was fixed in
        advance.
      </p>
      <Field
        label={`${capitalised(units)} per cell, including those already requested${known}`}
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </FormDialog>
  )
}
