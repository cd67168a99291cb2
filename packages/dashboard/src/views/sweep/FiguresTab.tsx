import {
  bytesText,
  type Figure,
  howToRead,
  kindsOfSweep,
  labelOf,
  optionsOf,
  type SweepFacts,
  type SweepFigure,
  type SweepKind,
} from '@driftfarm/report'
import { useState } from 'react'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { Check, Field, Select } from '../../parts/controls.tsx'
import { DownloadLink } from '../../parts/DownloadLink.tsx'
import { SweepFigureView } from '../../parts/FigureView.tsx'
import { pathText } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Waiting } from '../../parts/states.tsx'
import { Choices, LogChoice } from './Choices.tsx'
import { levels } from './MapControls.tsx'
import { levelOf } from './mapView.ts'
import { type SweepSearch, shows, type TabProps } from './search.ts'

/** A report file does not have the data for these kinds. */
const ofFarms: ReadonlySet<SweepKind> = new Set(['fit', 'residuals', 'convergence'])

/** Values that are computed without trials, and that a figure can show beside an estimate. */
const withoutTrials = [
  ['oracle', 'exact values'],
  ['theorem', 'Theorem 1 bounds'],
] as const

export function FiguresTab(props: TabProps) {
  const { sweep, cells } = props
  const { isFarm } = useDocumentOrigin()
  const origins = useAnswer('origins', { sweep: sweep.id }, { staleTime: Number.POSITIVE_INFINITY })
  if (cells === null || origins.isPending) return <Waiting>Loading cells</Waiting>
  if (Number(sweep.trials.done) === 0)
    return <p className="empty">No trials yet. Figures appear here as soon as the first trials are stored.</p>
  const counts = Object.values(cells.params).map((all) => new Set(all.map((value) => JSON.stringify(value))).size)
  // As on the command line, an axis with two values, such as a method, makes two lines instead of a map.
  const isMap = counts.filter((count) => count > 2).length > 1
  const suggested = isMap ? 'map' : counts.some((count) => count > 1) ? 'line' : 'ends'
  const facts: SweepFacts = {
    axes: counts.filter((count) => count > 1).length,
    estimates: Object.keys(cells.estimates),
    requests: origins.data?.requests,
  }
  const kind = props.search.figure ?? (facts.requests?.threshold === true ? 'boundary' : suggested)
  return (
    <section aria-label="Figures">
      <ChosenFigure {...props} facts={facts} kind={kind} />
      {isFarm && <SweepFiles {...props} recorded={facts.requests?.recorded} />}
    </section>
  )
}

type ChosenFigureProps = TabProps & { readonly facts: SweepFacts; readonly kind: SweepKind }

function ChosenFigure({ sweep, cells, search, change, facts, kind }: ChosenFigureProps) {
  const { isFarm } = useDocumentOrigin()
  const { kinds, others } = kindsOfSweep(facts)
  const offered = kinds.filter((kind) => isFarm || !ofFarms.has(kind))
  const request = requestOf(kind, search, facts)
  const needsFormula = optionsOf(kind).includes('fit') && search.fit === undefined
  const [figure, onFigure] = useState<Figure>()
  const done = useSlowly(sweep.cells.done, 10_000)
  const has = (option: ReturnType<typeof optionsOf>[number]) => optionsOf(kind).includes(option)
  const paths = Object.keys(cells?.params ?? {}).map((path) => [path, pathText(path)] as const)
  const toggle = (key: 'oracle' | 'theorem') => change({ [key]: !search[key] || undefined })
  const selects = [
    ['x axis', 'x', paths],
    ['y axis', 'y', paths],
    ['Series', 'by', paths],
    ['Panels', 'panel', paths],
    ['Estimate', 'of', facts.estimates.map((name) => [name, name] as const)],
    ['Colours', 'show', shows.filter(([name]) => name !== 'state')],
    ['Contour', 'contour', levels],
  ] as const
  const axis = paths.at(-1)?.[1] ?? 'T'
  const formula = `log(escapeRate) ~ 1/${axis}`
  // Options that a reader types, with an example of each.
  const typed = [
    ['fit', 'Formula', formula],
    ['cell', 'Cell', '0'],
    ['where', 'Filter', `${axis} > 0.1`],
    ['over', 'Other sweeps', 'NAME, NAME'],
    ['label', 'Titles', 'x=TEXT; y=TEXT'],
  ] as const
  return (
    <>
      <div className="controls">
        <Select
          label="Figure"
          value={kind}
          options={[...new Set([...offered, kind])].map((each) => [each, labelOf(each)])}
          choose={(next) => change({ figure: next as SweepKind })}
        />
        <Help to="figures" />
        <Choices
          choices={selects
            .filter(([, key]) => has(key) && (key !== 'of' || takesEstimate.has(kind)))
            .map(([label, key, options]) => [label, key, search[key] ?? '', [['', 'automatic'], ...options]])}
          change={change}
        />
        {has('log') && logAxes(kind).map((axis) => <LogChoice key={axis} {...{ axis, figure, search, change }} />)}
        {withoutTrials
          .filter(([key]) => has(key))
          .map(([key, text]) => (
            <Check key={key} label={text} checked={search[key] === true} toggle={() => toggle(key)} />
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
      </div>
      {others.length > 0 && (
        <details className="faint">
          <summary>Other kinds of figures</summary>
          <ul>
            {others.map((other) => (
              <li key={other.kind}>
                {labelOf(other.kind)}: {other.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      {needsFormula ? (
        <p className="empty">Type a formula, such as {formula}, and press Enter.</p>
      ) : (
        <>
          <SweepFigureView sweep={{ id: sweep.id, renewedBy: [sweep.state, done] }} {...{ request, onFigure }} />
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
function requestOf(kind: SweepKind, search: SweepSearch, { estimates }: SweepFacts): SweepFigure {
  const log = logAxes(kind).filter((axis) => search.log?.split(',').includes(axis))
  const cell = /^\d+$/.test(search.cell ?? '') ? Number(search.cell) : undefined
  const all = {
    ...search,
    of: takesEstimate.has(kind) ? search.of : undefined,
    show: search.show === 'state' ? undefined : search.show,
    contour: levelOf(search, search.of ?? estimates[0] ?? '') ?? undefined,
    log: log.length > 0 ? log : undefined,
    cell,
  }
  return { kind, ...Object.fromEntries(optionsOf(kind).map((option) => [option, all[option as keyof typeof all]])) }
}

/** Typical numbers of bytes of a row. */
const bytes = { results: { csv: 500, parquet: 200 }, rows: { csv: 70, parquet: 18 } } as const

/** Downloads of the whole sweep. The browser shows their progress, and stores them while they arrive. */
function SweepFiles({ sweep, cells, search, recorded }: TabProps & { readonly recorded: number | undefined }) {
  const { oracle, theorem } = search
  const rows = { results: cells?.index.length ?? 0, rows: (recorded ?? Number.NaN) * Number(sweep.trials.done) }
  const data = (['results', 'rows'] as const).flatMap((path) =>
    (['csv', 'parquet'] as const).flatMap((format) => {
      const size = Number.isNaN(rows[path]) ? '' : `, ${bytesText(rows[path] * bytes[path][format])}`
      const what = `${path === 'rows' ? 'Recorded trials' : 'Results'} (${format === 'csv' ? 'CSV' : 'Parquet'}${size})`
      const name = `${sweep.name}${path === 'rows' ? '-trials' : ''}.${format}`
      return rows[path] === 0 ? [] : [{ what, path, name, options: { format } }]
    }),
  )
  const name = `${sweep.name}.html`
  const files = [{ what: 'Report (HTML)', path: 'report.html', name, options: { oracle, theorem } }, ...data]
  return (
    <div className="tools" role="toolbar" aria-label="Download the sweep">
      <span>Download the sweep</span>
      {files.map(({ what, path, name, options }) => (
        <DownloadLink key={what} label={what} name={name} path={`/sweeps/${sweep.id}/${path}`} options={options} />
      ))}
      {recorded === 0 && <span className="faint">No single trials are recorded.</span>}
    </div>
  )
}
