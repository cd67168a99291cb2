import { type StatusData, unitsColumn } from '@driftfarm/report'
import { specLimits } from '@driftfarm/spec'
import { useState } from 'react'
import { Field } from '../../parts/controls.tsx'
import { FormDialog } from '../../parts/FormDialog.tsx'
import { totalMistake } from './totalMistake.ts'

export function ExtendDialog({ status, onClose }: { readonly status: StatusData; onClose(): void }) {
  const { method, cells } = status
  const units = unitsColumn(method)
  // If the cells use several methods, each has its own number.
  const each = method === 'several' ? null : Number(status.trials.requested) / (cells.done + cells.open + cells.failed)
  const [text, setText] = useState(each === null ? '' : String(Math.min(2 * each, specLimits.trialsPerCell)))
  const trials = Number(text)
  return (
    <FormDialog
      title={`Add ${units} to ${status.name}`}
      label={`Add ${units}`}
      mistake={totalMistake(trials, each ?? 0, units)}
      change={async (farm) => (await farm.act(status.id, { do: 'extend', trials })).warnings}
      onClose={onClose}
    >
      <p>
        If you add {units} after you have seen results, the confidence intervals are wider than if you had requested
        them from the start. The wider intervals are valid for any number, not only for a number that was fixed in
        advance. After a small addition, an interval can even be wider than it is now.
      </p>
      <Field
        label={`Total ${units} per cell${each === null ? '' : ` (now ${each})`}`}
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </FormDialog>
  )
}
