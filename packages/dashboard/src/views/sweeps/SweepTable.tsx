import {
  countText,
  durationText,
  precisionMeaning,
  precisionText,
  precisionTitle,
  settingsText,
} from '@driftfarm/report'
import { isLive } from '@driftfarm/spec'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../parts/controls.tsx'
import { counted, doneText, etaText, timeText } from '../../parts/format.ts'
import { SweepLink } from '../../parts/links.tsx'
import { Doing, Progress, StateChip, Tags } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/Table.tsx'
import { VerbButtons } from '../../parts/VerbButtons.tsx'
import { Glance } from './Glance.tsx'
import { axesText, type Listed, type SweepOrder, type SweepsSearch, secondsOf } from './listed.ts'

interface Props {
  readonly sweeps: readonly Listed[]
  readonly speeds: ReadonlyMap<string, number | null>
  /** Null if sweeps cannot be selected. */
  readonly chosen: ReadonlySet<string> | null
  choose(chosen: ReadonlySet<string>): void
  readonly order: SweepsSearch['order']
  sortBy(order: SweepsSearch['order']): void
}

const rowHeight = 57

/** Renders only the rows in view. */
export function SweepTable({ sweeps, speeds, chosen, choose, order = 'newest', sortBy }: Props) {
  const all = chosen !== null && sweeps.length > 0 && sweeps.every(({ id }) => chosen.has(id))
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    choose(next)
  }
  if (sweeps.length === 0)
    return <p className="empty">No sweep matches the filters. Clear the filters to see all sweeps.</p>
  const pick: Column<Listed> = {
    name: box('Select all sweeps shown', all, () => choose(all ? new Set() : new Set(sweeps.map(({ id }) => id)))),
    is: 'pick',
    show: ({ id, name }) => box(`Select ${name}`, chosen?.has(id) ?? false, () => toggle(id)),
  }
  const sort = (by: SweepOrder): NonNullable<Column<Listed>['sort']> => ({
    order: order.endsWith(by) ? ((order === by) === (by === 'newest') ? 'descending' : 'ascending') : undefined,
    choose: () => sortBy(order === by ? `-${by}` : by === 'newest' ? undefined : by),
  })
  const by: Column<Listed> = {
    name: 'By',
    sort: sort('by'),
    show: (sweep) => <Clipped text={sweep.submittedBy ?? ''} />,
  }
  const facts: readonly Column<Listed>[] = [
    { name: 'Name', sort: sort('name'), show: (sweep) => <Name {...sweep} /> },
    { name: 'Landscape', sort: sort('landscape'), show: (sweep) => <Landscape {...sweep} /> },
    {
      name: 'Axes',
      sort: sort('axes'),
      show: ({ axes, cells }) => <Clipped text={axesText(axes ?? []) || countText(cells, 'cell')} />,
    },
    {
      name: 'Answer',
      title: 'the first requested estimate over the axes, so far',
      show: (sweep) => <Glance sweep={sweep} />,
    },
    { name: 'State', sort: sort('state'), show: ({ state }) => <StateChip state={state} /> },
    {
      name: 'Trials',
      is: 'nowrap',
      sort: sort('trials'),
      show: (sweep) => <Trials sweep={sweep} speed={speeds.get(sweep.id) ?? null} />,
    },
    {
      name: precisionTitle,
      is: 'number',
      title: precisionMeaning,
      sort: sort('precise'),
      show: ({ precision }) =>
        precision === undefined ? '–' : `${counted(precision.precise)} of ${counted(precision.finished)}`,
      titleOf: ({ precision }) => (precision === undefined ? '' : precisionText(precision)),
    },
    ...(sweeps.some(({ submittedBy }) => submittedBy !== undefined) ? [by] : []),
    { name: 'Submitted', is: 'nowrap', sort: sort('newest'), show: ({ submittedAt }) => timeText(submittedAt) },
    {
      name: 'Took',
      is: 'number',
      title: 'time from the submission to the end',
      sort: sort('took'),
      show: (sweep) => (secondsOf(sweep) === null ? '' : durationText(secondsOf(sweep)!)),
      titleOf: ({ cpuSeconds = 0 }) => `${durationText(cpuSeconds)} of computing, summed over all threads`,
    },
  ]
  const columns = chosen === null ? facts : [pick, ...facts]
  return (
    <div className="list">
      <Table label="Sweeps" columns={columns} rows={sweeps} keyOf={({ id }) => id} rowHeight={rowHeight} />
    </div>
  )
}

const box = (label: string, checked: boolean, toggle: () => void) => (
  <input type="checkbox" aria-label={label} checked={checked} onChange={toggle} />
)

/** For example `double-well`, and below it `law laplace, eta 0.1`. */
function Landscape({ landscape, settings = [], differs }: Listed) {
  const others = differs.filter(({ path }) => settings.every((each) => each.path !== path))
  return [landscape, settingsText([...settings, ...others])].map((text) => text && <Clipped key={text} text={text} />)
}

function Trials({ sweep, speed }: { readonly sweep: Listed; readonly speed: number | null }) {
  const { name, state, trialsDone, trialsRequested, stopsByRule } = sweep
  const isRunning = isLive(state)
  const left = etaText(Number(trialsRequested) - Number(trialsDone), speed, stopsByRule)
  return (
    <>
      <Progress done={trialsDone} requested={trialsRequested} label={`Trials of ${name}`} />
      {` ${doneText(trialsDone, trialsRequested, stopsByRule && isRunning)}`}
      {isRunning && speed !== null && speed > 0 && (
        <div className="faint" title="recent speed, and the time that the remaining trials take at this speed">
          {counted(Math.round(speed))}/s, {left} left
        </div>
      )}
    </>
  )
}

/** Text on at most two lines. */
const Clipped = ({ text }: { readonly text: string }) => (
  <span className="clipped" title={text}>
    {text}
  </span>
)

function Name({ id, name, title, notes, tags, newest, differs }: Listed) {
  const which = newest && differs.length > 0 && 'newest of its name'
  const about = [title !== undefined && name, which, notes].filter(Boolean).join(' · ')
  return (
    <div className="named">
      <SweepLink id={id}>{title ?? name}</SweepLink>
      <span className="about faint" title={about}>
        <Tags tags={tags} /> {about}
      </span>
    </div>
  )
}

export function Actions({ picked, clear }: { readonly picked: readonly Listed[]; clear(): void }) {
  const queries = useQueryClient()
  const navigate = useNavigate({ from: '/' })
  return (
    <div className="actions" role="toolbar" aria-label="Actions on selected sweeps">
      <Doing>{picked.length === 0 ? 'Select one or more sweeps' : `${picked.length} selected`}</Doing>
      <VerbButtons
        sweeps={picked}
        onClose={(removed) => {
          if (removed !== '') void navigate({ search: true, state: { removed }, replace: true })
          void queries.invalidateQueries()
        }}
      />
      {picked.length > 0 && <Button label="Clear selection" small onClick={clear} />}
    </div>
  )
}
