import {
  howToRead,
  kindsOfSweep,
  optionsOf,
  type SweepFacts,
  type SweepFigure,
  type SweepKind,
} from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { Check, Field, Select } from '../../parts/controls.tsx'
import { DownloadLink } from '../../parts/DownloadLink.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, pathText, shortId } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import type { TabProps } from './MapTab.tsx'
import type { SweepSearch } from './search.ts'

const labels: Readonly<Record<SweepKind, string>> = {
  line: 'estimate against an axis',
  map: 'map over two axes',
  boundary: 'threshold boundary',
  curve: 'escaped fraction by step',
  ends: 'trial outcomes',
  fit: 'fit of a formula',
  residuals: 'residuals of a fit',
  convergence: 'estimate against the number of trials',
  observed: 'observed values',
  trajectory: 'paths of trials',
  contrast: 'contrasts',
}

/** A report file does not have the data for these kinds. */
const ofFarms: ReadonlySet<SweepKind> = new Set(['fit', 'residuals', 'convergence'])

/** Values that are computed without trials, and that a figure can show beside an estimate. */
const withoutTrials = [
  ['oracle', 'exact values'],
  ['theorem', 'Theorem 1 bounds'],
] as const

const shows = ['value', 'width', 'trials'] as const
const showNames = { value: 'value', width: 'interval width', trials: 'number of trials' }

export function FiguresTab(props: TabProps) {
  const { sweep, cells } = props
  const { isFarm } = useDocumentOrigin()
  const origins = useAnswer('origins', { sweep: sweep.id }, { staleTime: Number.POSITIVE_INFINITY })
  if (cells === null || origins.isPending) return <Waiting>Loading cells</Waiting>
  if (Number(sweep.trials.done) === 0)
    return <p className="empty">No trials yet. Figures appear here as soon as the first trials are stored.</p>
  const axes = Object.values(cells.params).filter(
    (values) => new Set(values.map((value) => JSON.stringify(value))).size > 1,
  )
  const facts: SweepFacts = {
    axes: axes.length,
    estimates: Object.keys(cells.estimates),
    requests: origins.data?.requests,
  }
  return (
    <section aria-label="Figures">
      <SweepFigureView {...props} facts={facts} />
      {isFarm && <SweepFiles {...props} />}
    </section>
  )
}

/** The kind that answers the question of most readers first. */
const suggested = ({ axes, requests }: SweepFacts): SweepKind =>
  requests?.threshold === true ? 'boundary' : axes > 1 ? 'map' : axes === 1 ? 'line' : 'ends'

function SweepFigureView({ sweep, cells, search, change, facts }: TabProps & { readonly facts: SweepFacts }) {
  const { source, isFarm } = useDocumentOrigin()
  const { kinds, others } = kindsOfSweep(facts)
  const offered = kinds.filter((kind) => isFarm || !ofFarms.has(kind))
  const kind = search.figure ?? suggested(facts)
  const request = requestOf(kind, search)
  const needsFormula = optionsOf(kind).includes('fit') && search.fit === undefined
  const done = useSlowly(sweep.cells.done, 10_000)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['figure', sweep.id, request, sweep.state, done],
    queryFn: () => source.figure(sweep.id, request),
    placeholderData: (before) => before,
    staleTime: 10_000,
    enabled: !needsFormula,
  })
  const has = (option: ReturnType<typeof optionsOf>[number]) => optionsOf(kind).includes(option)
  const paths = Object.keys(cells?.params ?? {}).map((path) => [path, pathText(path)] as const)
  const selects = [
    ['x axis', 'x', paths],
    ['y axis', 'y', paths],
    ['Series', 'by', paths],
    ['Estimate', 'of', facts.estimates.map((name) => [name, name] as const)],
    ['Colours', 'show', shows.map((name) => [name, showNames[name]] as const)],
  ] as const
  const axis = paths.at(-1)?.[1] ?? 'T'
  const formula = `log(escapeRate) ~ 1/${axis}`
  // Options that a reader types, with an example of each.
  const typed = [
    ['fit', 'Formula', formula],
    ['cell', 'Cell', '0'],
    ['where', 'Filter', `${axis} > 0.1`],
  ] as const
  const log = request.log ?? []
  const toggle = (axis: 'x' | 'y' | 'z'): void => {
    const next = log.includes(axis) ? log.filter((each) => each !== axis) : [...log, axis]
    change({ log: next.join(',') || undefined })
  }
  return (
    <>
      <div className="controls">
        <Select
          label="Figure"
          value={kind}
          options={[...new Set([...offered, kind])].map((each) => [each, labels[each]])}
          choose={(next) => change({ figure: next as SweepKind })}
        />
        <Help to="figures" />
        {selects
          .filter(([, key]) => has(key) && (key !== 'of' || takesEstimate.has(kind)))
          .map(([label, key, options]) => (
            <Select
              key={key}
              label={label}
              value={String(request[key] ?? '')}
              options={[['', 'automatic'], ...options]}
              choose={(next) => change({ [key]: next || undefined })}
            />
          ))}
        {has('log') &&
          logAxes(kind).map((axis) => (
            <Check
              key={axis}
              label={axis === 'z' ? 'log colours' : `log ${axis}`}
              checked={log.includes(axis)}
              toggle={() => toggle(axis)}
            />
          ))}
        {withoutTrials
          .filter(([key]) => has(key))
          .map(([key, text]) => (
            <Check
              key={key}
              label={text}
              checked={search[key] === true}
              toggle={() => change({ [key]: search[key] === true ? undefined : true })}
            />
          ))}
        {typed
          .filter(([key]) => has(key))
          .map(([key, label, placeholder]) => (
            <Field
              key={`${key} ${search[key]}`}
              label={label}
              placeholder={placeholder}
              defaultValue={search[key] ?? ''}
              onBlur={(event) => change({ [key]: event.target.value.trim() || undefined })}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
          ))}
        {isFetching && (
          <span className="faint" role="status">
            Drawing …
          </span>
        )}
      </div>
      {others.length > 0 && (
        <details className="faint">
          <summary>Other kinds of figures</summary>
          <ul>
            {others.map((other) => (
              <li key={other.kind}>
                {labels[other.kind]}: {other.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      {needsFormula && <p className="empty">Type a formula, such as {formula}, and press Enter.</p>}
      {/* The hints of these errors name options of the command line. */}
      {error !== null && <Failure error={{ message: error.message }} again={() => void refetch()} />}
      {data !== undefined && error === null && !needsFormula && (
        <>
          <FigureView figure={data} command={commandText(['figure', shortId(sweep.id)], request)} request={request} />
          <details className="faint">
            <summary>How to read this figure</summary>
            <p>{howToRead(kind)}</p>
          </details>
        </>
      )}
    </>
  )
}

/** In figures of other kinds, `of` names something else than an estimate of the cells. */
const takesEstimate: ReadonlySet<SweepKind> = new Set(['line', 'map', 'convergence'])

const logAxes = (kind: SweepKind) => (kind === 'map' ? (['x', 'y', 'z'] as const) : (['x', 'y'] as const))

/** The options in the address that apply to the kind. */
function requestOf(kind: SweepKind, search: SweepSearch): SweepFigure {
  const log = logAxes(kind).filter((axis) => search.log?.split(',').includes(axis))
  const cell = /^\d+$/.test(search.cell ?? '') ? Number(search.cell) : undefined
  const all = {
    ...search,
    of: takesEstimate.has(kind) ? search.of : undefined,
    show: search.show === 'state' ? undefined : search.show,
    log: log.length > 0 ? log : undefined,
    cell,
  }
  return { kind, ...Object.fromEntries(optionsOf(kind).map((option) => [option, all[option as keyof typeof all]])) }
}

/** Downloads of the whole sweep. The browser shows their progress, and stores them while they arrive. */
function SweepFiles({ sweep, search }: TabProps) {
  const { oracle, theorem } = search
  const files = [
    ['Report (HTML)', 'report.html', `${sweep.name}.html`, { oracle, theorem }],
    ['Results (CSV)', 'results', `${sweep.name}.csv`, { format: 'csv' }],
    ['Results (Parquet)', 'results', `${sweep.name}.parquet`, { format: 'parquet' }],
    ['Recorded trials (CSV)', 'rows', `${sweep.name}-trials.csv`, { format: 'csv' }],
  ] as const
  return (
    <div className="tools" role="toolbar" aria-label="Download the sweep">
      <span>Download the sweep</span>
      {files.map(([label, path, name, options]) => (
        <DownloadLink key={label} label={label} name={name} path={`/sweeps/${sweep.id}/${path}`} options={options} />
      ))}
    </div>
  )
}
