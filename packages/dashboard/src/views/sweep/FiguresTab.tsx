import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/place.tsx'
import { useSlowly } from '../../live/useSlowly.ts'
import { Failure } from '../../parts/Failure.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { pathText } from '../../parts/format.ts'
import { Select } from '../../parts/Select.tsx'
import { figureTabs } from '../../routes/sweep.search.ts'
import type { TabProps } from './MapTab.tsx'

const labels: Readonly<Record<(typeof figureTabs)[number], string>> = {
  line: 'an estimate against an axis',
  curve: 'escapes over the steps',
  ends: 'how trials end',
  contrast: 'contrasts',
  boundary: 'where a value is crossed',
}

/** The figures of the command, of what is there now. */
export function FiguresTab({ sweep, cells, search, change }: TabProps) {
  const source = useSource()
  const kind = search.figure ?? 'line'
  const paths = Object.keys(cells?.params ?? {})
  const names = Object.keys(cells?.estimates ?? {})
  const isLine = kind === 'line'
  const log = (search.log ?? '').split(',').filter((axis): axis is 'x' | 'y' => axis === 'x' || axis === 'y')
  const request = {
    kind,
    ...(isLine && search.x !== undefined ? { x: search.x } : {}),
    ...(isLine && search.by !== undefined ? { by: search.by } : {}),
    ...(isLine && search.of !== undefined ? { of: search.of } : {}),
    ...(isLine && log.length > 0 ? { log } : {}),
    ...(search.where === undefined || kind === 'contrast' ? {} : { where: search.where }),
    ...(isLine && search.oracle === true ? { oracle: true } : {}),
    ...(isLine && search.theorem === true ? { theorem: true } : {}),
  } as const
  const done = useSlowly(sweep.cells.done, 10_000)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['figure', sweep.id, request, sweep.state, done],
    queryFn: () => source.figure(sweep.id, request),
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  const toggle = (axis: 'x' | 'y'): void => {
    const next = log.includes(axis) ? log.filter((each) => each !== axis) : [...log, axis]
    change({ log: next.length === 0 ? undefined : next.join(',') })
  }
  return (
    <section aria-label="Figures">
      <div className="controls">
        <Select
          label="Figure"
          value={kind}
          options={figureTabs.map((each) => [each, labels[each]])}
          choose={(next) => change({ figure: next as never })}
        />
        {isLine && (
          <>
            <Select
              label="Across"
              value={search.x ?? ''}
              options={[['', 'as it suggests'], ...paths.map((path) => [path, pathText(path)] as const)]}
              choose={(x) => change({ x: x || undefined })}
            />
            <Select
              label="By"
              value={search.by ?? ''}
              options={[['', 'as it suggests'], ...paths.map((path) => [path, pathText(path)] as const)]}
              choose={(by) => change({ by: by || undefined })}
            />
            <Select
              label="Of"
              value={search.of ?? ''}
              options={[['', 'as it suggests'], ...names.map((name) => [name, name] as const)]}
              choose={(of) => change({ of: of || undefined })}
            />
            {(['x', 'y'] as const).map((axis) => (
              <label key={axis} className="check">
                <input type="checkbox" checked={log.includes(axis)} onChange={() => toggle(axis)} /> log {axis}
              </label>
            ))}
            <label className="check">
              <input
                type="checkbox"
                checked={search.oracle === true}
                onChange={() => change({ oracle: search.oracle === true ? undefined : true })}
              />{' '}
              exact values
            </label>
            <label className="check">
              <input
                type="checkbox"
                checked={search.theorem === true}
                onChange={() => change({ theorem: search.theorem === true ? undefined : true })}
              />{' '}
              Theorem 1
            </label>
          </>
        )}
        <span className="field">
          <label htmlFor="where">Only where</label>
          <input
            id="where"
            placeholder="eta > 0.1"
            defaultValue={search.where ?? ''}
            onBlur={(event) => change({ where: event.target.value || undefined })}
            onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          />
        </span>
        {isFetching && (
          <span className="faint" role="status">
            drawing …
          </span>
        )}
      </div>
      {error !== null ? <Failure error={error} again={() => void refetch()} /> : null}
      {data !== undefined && error === null && <FigureView figure={data} command={commandOf(sweep.name, request)} />}
    </section>
  )
}

function commandOf(
  name: string,
  { kind, ...request }: { readonly kind: string } & Readonly<Record<string, unknown>>,
): string {
  const parts = Object.entries(request).map(([option, value]) =>
    value === true ? `--${option}` : `--${option} ${/^[\w.,-]+$/.test(String(value)) ? value : `"${value}"`}`,
  )
  return [`driftfarm figure ${name} --kind ${kind}`, ...parts].join(' ')
}
