import { isLive } from '@driftfarm/spec'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ActDialog } from '../../parts/ActDialog.tsx'
import { Button } from '../../parts/controls.tsx'
import { EndingVerbs } from '../../parts/EndingVerbs.tsx'
import { counted, etaText, percent, shareOf, timeText } from '../../parts/format.ts'
import { Progress, StateChip } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/Table.tsx'
import { type Verb, verbNames, verbs } from '../../parts/verbs.ts'
import type { Listed } from './listed.ts'

interface Props {
  readonly sweeps: readonly Listed[]
  readonly speeds: ReadonlyMap<string, number | null>
  /** Null if sweeps cannot be selected. */
  readonly chosen: ReadonlySet<string> | null
  choose(chosen: ReadonlySet<string>): void
}

const rowHeight = 41

/** Renders only the rows in view. */
export function SweepTable({ sweeps, speeds, chosen, choose }: Props) {
  const all = chosen !== null && sweeps.length > 0 && sweeps.every(({ id }) => chosen.has(id))
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    choose(next)
  }
  if (sweeps.length === 0)
    return <p className="empty">No sweep matches the filters. Clear the filters to see all sweeps.</p>
  const pick: Column<Listed> = {
    name: (
      <input
        type="checkbox"
        aria-label="Select all sweeps shown"
        checked={all}
        onChange={() => choose(all ? new Set() : new Set(sweeps.map(({ id }) => id)))}
      />
    ),
    is: 'pick',
    show: ({ id, name }) => (
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={chosen?.has(id) ?? false}
        onChange={() => toggle(id)}
      />
    ),
  }
  const facts: readonly Column<Listed>[] = [
    { name: 'Name', show: (sweep) => <Name {...sweep} /> },
    { name: 'State', show: ({ state }) => <StateChip state={state} /> },
    {
      name: 'Trials',
      is: 'nowrap',
      show: ({ name, state, trialsDone, trialsRequested, stopsByRule }) => (
        <>
          <Progress share={shareOf(trialsDone, trialsRequested)} label={`Trials of ${name}`} />
          {` ${counted(trialsDone)} of ${stopsByRule && isLive(state) ? '≤ ' : ''}`}
          {counted(trialsRequested)}
        </>
      ),
    },
    {
      name: 'Speed',
      is: 'number',
      title: 'recent trials per second, measured while this page is open',
      show: ({ id, state }) => isLive(state) && speeds.get(id) != null && `${counted(Math.round(speeds.get(id)!))}/s`,
    },
    {
      name: 'Time left',
      is: 'number',
      title: 'time until all trials are finished at the current speed; an upper limit if the sweep has a stopping rule',
      show: ({ id, state, trialsDone, trialsRequested, stopsByRule }) =>
        isLive(state) && etaText(Number(trialsRequested) - Number(trialsDone), speeds.get(id) ?? null, stopsByRule),
    },
    {
      name: 'Widest interval',
      is: 'number',
      title: 'relative half-width of the widest confidence interval',
      show: ({ worst }) => (worst === null ? '–' : `±${percent(worst.relative)}`),
      titleOf: ({ worst }) => (worst === null ? undefined : `${worst.estimate} in cell ${worst.cell}`),
    },
    { name: 'Cells', is: 'number', show: ({ cells }) => counted(cells) },
    { name: 'Submitted', is: 'nowrap', show: ({ submittedAt }) => timeText(submittedAt) },
  ]
  const columns = chosen === null ? facts : [pick, ...facts]
  return <Table label="Sweeps" columns={columns} rows={sweeps} keyOf={({ id }) => id} rowHeight={rowHeight} />
}

function Name({ id, name, newest, differs }: Listed) {
  return (
    <>
      <Link to="/sweeps/$ref" params={{ ref: id }}>
        {name}
      </Link>
      {differs.length > 0 && (
        <span className="faint">
          {newest ? ' newest: ' : ' '}
          {differs.map(({ path, value }) => `${path} ${value}`).join(', ')}
        </span>
      )}
    </>
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
      {verbNames(false).map((each) => (
        <Button
          key={each}
          small
          disabled={!picked.some((sweep) => verbs[each].allows(sweep.state))}
          onClick={() => setVerb(each)}
          label={verbs[each].name}
        />
      ))}
      <EndingVerbs allowed={(each) => picked.some(({ state }) => verbs[each].allows(state))} choose={setVerb} />
      {picked.length > 0 && <Button label="Clear selection" small onClick={clear} />}
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
