import { useMutation } from '@tanstack/react-query'
import { type PropsWithChildren, useState } from 'react'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, Field, Form } from '../../parts/controls.tsx'
import { sameRow } from './Replay.tsx'
import type { CellProps } from './search.ts'

export const Unrecorded = ({ children }: PropsWithChildren) => (
  <p className="empty">
    The farm recorded no rows of this cell. {children} To record rows, set <code>record: all</code>.
  </p>
)

export function Checked({ whole, computer }: CellProps) {
  const [count, setCount] = useState(10)
  const { sweep, cell } = whole
  const { data: recorded } = useAnswer('keptRows', { sweep: sweep.id, cell: String(cell.index), count })
  const check = useMutation({
    async mutationFn() {
      const different: number[] = []
      for (const row of recorded!) {
        const trial = Number(row.trial)
        const [own] = await computer.run('rows', trial, 1)
        if (!sameRow(own!, row)) different.push(trial)
      }
      return { compared: recorded!.length, different }
    },
  })
  if (recorded?.length === 0) return <Unrecorded>So there is nothing to check in this browser.</Unrecorded>
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
      <Button label="Check in this browser" type="submit" disabled={check.isPending || recorded === undefined} />
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
