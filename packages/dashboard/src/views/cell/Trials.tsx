import type { RowRecord } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, Field, Form, SameCommand } from '../../parts/controls.tsx'
import { capitalised, commandText, counted, numberText, shortId, undecidedText } from '../../parts/format.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Table } from '../../parts/Table.tsx'
import { Checked, Unrecorded } from './Checked.tsx'
import { Replay } from './Replay.tsx'
import type { CellProps } from './search.ts'

export function Trials({ whole, computer }: CellProps) {
  const [text, setText] = useState('0')
  const [trial, setTrial] = useState<number | null>(null)
  const isNumber = /^\d{1,15}$/.test(text)
  const { isFarm } = useDocumentOrigin()
  const top = useRef<HTMLElement>(null)
  // For a cell of a report file, `resolved` is built from the spec in that file. If the spec names other files,
  // `resolved` is empty, and no trials can be computed.
  const kind = (whole.resolved.method as { readonly kind: string } | undefined)?.kind
  if (kind === undefined) return null
  if (kind === 'splitting') return <Replicas whole={whole} />
  return (
    <section ref={top} aria-label="Trials">
      <p>
        {isFarm && 'This page runs the same WebAssembly module as the workers. '}
        Any trial can be recomputed from its number; the result is bit for bit the same as{' '}
        {isFarm ? 'the stored result' : 'the result of the farm'}.
      </p>
      <Form className="controls" submit={() => setTrial(Number(text))}>
        <Field label="Trial" inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
        <Button label="Replay the trial" type="submit" disabled={!isNumber} />
        <Button label="Replay the next trial" disabled={!isNumber} onClick={() => replay(Number(text) + 1)} />
      </Form>
      {trial !== null && <Replay whole={whole} trial={trial} computer={computer} />}
      <TrialList whole={whole} computer={computer} shown={trial} show={replay} />
      {kind === 'direct' && isFarm && <Checked whole={whole} computer={computer} />}
    </section>
  )

  function replay(next: number): void {
    setText(String(next))
    setTrial(next)
    // The table in which the trial was clicked may be higher than the window.
    top.current?.scrollIntoView()
  }
}

const replicaColumns = ['replica', 'estimate', 'weight', 'levels', 'escaped', 'steps']

function Replicas({ whole: { sweep, cell } }: Pick<CellProps, 'whole'>) {
  const { isFarm } = useDocumentOrigin()
  const input = { sweep: sweep.id, cell: String(cell.index), count: 1000 }
  const { data, error } = useAnswer('keptRows', input, { enabled: isFarm, renewedBy: [cell.trials] })
  return (
    <section aria-label="Replicas">
      <p>
        Splitting computes replicas instead of single trials. A replica follows many particles. At each level, those
        with the lowest scores continue from others. The estimate of a replica is its weight times the share of
        particles that escape, and the mean over all replicas is the estimate of the cell. Paths are not kept.
      </p>
      {isFarm && data === undefined && <Waiting error={error}>Loading the replicas</Waiting>}
      {data?.length === 0 && <Unrecorded />}
      {data !== undefined && data.length > 0 && (
        <Table
          label="Replicas"
          columns={replicaColumns.map((name) => ({
            name: name === 'escaped' ? 'Escaped particles' : capitalised(name),
            is: 'number',
            show: (row: RowRecord) => numberText(Number(row[name])),
          }))}
          rows={data}
          keyOf={({ replica }) => String(replica)}
          rowHeight={33}
        />
      )}
      <SameCommand text={commandText(['replay', shortId(sweep.id), String(cell.index), '0'])} />
    </section>
  )
}

const lines = 20

interface Props extends CellProps {
  readonly shown: number | null
  show(trial: number): void
}

function TrialList({ whole, computer, shown, show }: Props) {
  const trials = Number(whole.cell.trials)
  const [requested, setRequested] = useState(false)
  const [from, setFrom] = useState(0)
  const count = Math.min(lines, trials - from)
  const { data, error } = useQuery({
    queryKey: ['trials', whole.cell.id, from, count],
    queryFn: () => computer.run('rows', from, count),
    enabled: requested && count > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  if (error !== null) return <Failure error={error} />
  if (count <= 0) return null
  if (!requested)
    return (
      <p>
        <Button label={`Show the first ${count} trials`} onClick={() => setRequested(true)} />
      </p>
    )
  return (
    <>
      <Table
        label="Individual trials"
        columns={[
          {
            name: 'Trial',
            show: ({ trial }) => <Button label={String(trial)} small onClick={() => show(Number(trial))} />,
          },
          { name: 'Outcome', show: ({ end }) => String(end) },
          { name: 'Escape step', is: 'number', show: ({ escaped_at }) => String(escaped_at ?? '') },
          { name: 'Steps', is: 'number', show: ({ steps }) => counted(Number(steps)) },
          { name: 'Final loss', is: 'number', show: ({ loss }) => numberText(Number(loss)) },
        ]}
        rows={data ?? []}
        keyOf={({ trial }) => String(trial)}
        isCurrent={({ trial }) => Number(trial) === shown}
      />
      <div className="tools">
        <Button label="‹ Previous" small disabled={from === 0} onClick={() => setFrom(from - lines)} />
        <Button label="Next ›" small disabled={from + lines >= trials} onClick={() => setFrom(from + lines)} />
        <span className="faint">
          Trials {from} to {from + count - 1} of {counted(trials)}. Click a trial to draw it step by step.
          {data?.some(({ end }) => end === 'undecided') && ` ${undecidedText}`}
        </span>
      </div>
    </>
  )
}
