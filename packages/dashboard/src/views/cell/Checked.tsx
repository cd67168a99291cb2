import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSource } from '../../live/documentOrigin.tsx'
import { Button, Field, Form } from '../../parts/controls.tsx'
import { sameRow } from './Replay.tsx'
import type { CellProps } from './search.ts'

export function Checked({ whole, computer }: CellProps) {
  const source = useSource()
  const [count, setCount] = useState(10)
  const { sweep, cell } = whole
  const check = useMutation({
    async mutationFn() {
      const kept = await source.keptRows({ sweep: sweep.id, cell: String(cell.index), count })
      if (kept.length === 0)
        throw new Error('This cell has no recorded rows. Set `record: all` in the spec and submit the spec again.')
      const different: number[] = []
      for (const row of kept) {
        const trial = Number(row.trial)
        const [own] = await computer.run('rows', trial, 1)
        if (!sameRow(own!, row)) different.push(trial)
      }
      return { compared: kept.length, different }
    },
  })
  return (
    <Form className="controls" submit={check.mutate}>
      <Field
        label="Trials to check"
        type="number"
        min={1}
        max={1000}
        value={count}
        onChange={(event) => setCount(Math.min(1000, Math.max(1, Number(event.target.value) || 1)))}
      />
      <Button label="Check in this browser" type="submit" disabled={check.isPending} />
      <span role="status">
        {check.isPending && 'Recomputing …'}
        {check.error?.message}
        {check.data !== undefined &&
          (check.data.different.length === 0
            ? `Recorded trials checked: ${check.data.compared}. This browser and the farm agree bit for bit.`
            : `Trials with different results: ${check.data.different.join(', ')}. ` +
              'Either this browser or the farm made an error.')}
      </span>
    </Form>
  )
}
