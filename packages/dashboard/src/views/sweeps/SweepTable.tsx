import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ActDialog } from '../../parts/ActDialog.tsx'
import { counted, etaText, percent, shareOf, timeText } from '../../parts/format.ts'
import { Progress, StateChip } from '../../parts/states.tsx'
import { type Column, Gap, TableFrame, useRowsInView } from '../../parts/TableFrame.tsx'
import { type Verb, verbs } from '../../parts/verbs.ts'
import type { Listed } from './listed.ts'

interface Props {
  readonly sweeps: readonly Listed[]
  readonly speeds: ReadonlyMap<string, number | null>
  /** Null if sweeps cannot be selected. */
  readonly chosen: ReadonlySet<string> | null
  choose(chosen: ReadonlySet<string>): void
}

const rowHeight = 41

const facts: readonly (string | Column)[] = [
  'Name',
  'State',
  'Trials',
  { name: 'Speed', is: 'number', title: 'recent trials per second, measured while this page is open' },
  {
    name: 'Time left',
    is: 'number',
    title: 'time until all trials are finished at the current speed; an upper limit if the sweep has a stopping rule',
  },
  { name: 'Widest interval', is: 'number', title: 'relative half-width of the widest confidence interval' },
  { name: 'Cells', is: 'number' },
  'Submitted',
]

/** Renders only the rows in view. */
export function SweepTable({ sweeps, speeds, chosen, choose }: Props) {
  const { frame, items, before, after } = useRowsInView(sweeps.length, rowHeight)
  const all = chosen !== null && sweeps.length > 0 && sweeps.every(({ id }) => chosen.has(id))
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    choose(next)
  }
  if (sweeps.length === 0)
    return <p className="empty">No sweep matches the filters. Clear the filters to see all sweeps.</p>
  const pick: Column = {
    name: (
      <input
        type="checkbox"
        aria-label="Select all sweeps shown"
        checked={all}
        onChange={() => choose(all ? new Set() : new Set(sweeps.map(({ id }) => id)))}
      />
    ),
    is: 'pick',
  }
  const columns = chosen === null ? facts : [pick, ...facts]
  return (
    <TableFrame label="Sweeps" columns={columns} frame={frame}>
      <Gap height={before} columns={columns.length} />
      {items.map(({ index }) => {
        const sweep = sweeps[index]!
        return (
          <Row
            key={sweep.id}
            sweep={sweep}
            speed={speeds.get(sweep.id) ?? null}
            isChosen={chosen?.has(sweep.id) ?? null}
            toggle={() => toggle(sweep.id)}
          />
        )
      })}
      <Gap height={after} columns={columns.length} />
    </TableFrame>
  )
}

interface RowProps {
  readonly sweep: Listed
  readonly speed: number | null
  readonly isChosen: boolean | null
  toggle(): void
}

function Row({ sweep, speed, isChosen, toggle }: RowProps) {
  const { id, name, state, cells, trialsDone, trialsRequested, stopsByRule, worst, submittedAt, newest, differs } =
    sweep
  const left = Number(trialsRequested) - Number(trialsDone)
  const runs = state === 'running' || state === 'planned'
  return (
    <tr>
      {isChosen !== null && (
        <td className="pick">
          <input type="checkbox" aria-label={`Select ${name}`} checked={isChosen} onChange={toggle} />
        </td>
      )}
      <th scope="row">
        <Link to="/sweeps/$ref" params={{ ref: id }}>
          {name}
        </Link>
        {differs.length > 0 && (
          <span className="faint">
            {' '}
            {newest ? 'newest: ' : ''}
            {differs.map(({ path, value }) => `${path} ${value}`).join(', ')}
          </span>
        )}
      </th>
      <td>
        <StateChip state={state} />
      </td>
      <td className="progress-cell">
        <Progress share={shareOf(trialsDone, trialsRequested)} label={`Trials of ${name}`} />{' '}
        <span className="nowrap">
          {counted(trialsDone)} of {stopsByRule && runs ? '≤ ' : ''}
          {counted(trialsRequested)}
        </span>
      </td>
      <td className="number">{runs && speed !== null ? `${counted(Math.round(speed))}/s` : ''}</td>
      <td className="number">{runs ? etaText(left, speed, stopsByRule) : ''}</td>
      <td className="number" title={worst === null ? undefined : `${worst.estimate} in cell ${worst.cell}`}>
        {worst === null ? '–' : `±${percent(worst.relative)}`}
      </td>
      <td className="number">{counted(cells)}</td>
      <td className="nowrap">{timeText(submittedAt)}</td>
    </tr>
  )
}

export function Actions({ picked, clear }: { readonly picked: readonly Listed[]; clear(): void }) {
  const queries = useQueryClient()
  const [verb, setVerb] = useState<Verb | null>(null)
  return (
    <div className="actions" role="toolbar" aria-label="Actions on selected sweeps">
      <span className="faint" role="status">
        {picked.length === 0 ? 'Select one or more sweeps' : `${picked.length} selected`}
      </span>
      {(Object.keys(verbs) as Verb[]).map((each) => (
        <button
          key={each}
          type="button"
          className="small"
          disabled={!picked.some((sweep) => verbs[each].allows(sweep.state))}
          onClick={() => setVerb(each)}
        >
          {verbs[each].name}
        </button>
      ))}
      {picked.length > 0 && (
        <button type="button" className="small" onClick={clear}>
          Clear selection
        </button>
      )}
      {verb !== null && (
        <ActDialog
          verb={verb}
          sweeps={picked}
          onClose={() => {
            setVerb(null)
            void queries.invalidateQueries()
          }}
        />
      )}
    </div>
  )
}
