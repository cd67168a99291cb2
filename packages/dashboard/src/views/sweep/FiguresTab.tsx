import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/documentOrigin.tsx'
import { useSlowly } from '../../live/useSlowly.ts'
import { Check, Field, Select } from '../../parts/controls.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, pathText, shortId } from '../../parts/format.ts'
import { Failure } from '../../parts/states.tsx'
import type { TabProps } from './MapTab.tsx'
import { figureTabs } from './search.ts'

const labels: Readonly<Record<(typeof figureTabs)[number], string>> = {
  line: 'estimate against an axis',
  curve: 'escaped fraction by step',
  ends: 'trial outcomes',
  contrast: 'contrasts',
  boundary: 'threshold boundary',
}

/** Values that are computed without trials, and that a figure can show beside an estimate. */
const withoutTrials = [
  ['oracle', 'exact values'],
  ['theorem', 'Theorem 1 bounds'],
] as const

export function FiguresTab({ sweep, cells, search, change }: TabProps) {
  const source = useSource()
  const kind = search.figure ?? 'line'
  const axes = Object.keys(cells?.params ?? {}).map((path) => [path, pathText(path)] as const)
  const estimates = Object.keys(cells?.estimates ?? {}).map((name) => [name, name] as const)
  const suggested = [
    ['x axis', 'x', axes],
    ['Series', 'by', axes],
    ['Estimate', 'of', estimates],
  ] as const
  const isLine = kind === 'line'
  const log = (search.log ?? '').split(',').filter((axis): axis is 'x' | 'y' => axis === 'x' || axis === 'y')
  const { x, by, of, oracle, theorem, where } = search
  const ofLine = { x, by, of, log: log.length > 0 ? log : undefined, oracle, theorem }
  const request = { kind, ...(isLine ? ofLine : {}), where: kind === 'contrast' ? undefined : where }
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
            {suggested.map(([label, key, options]) => (
              <Select
                key={key}
                label={label}
                value={search[key] ?? ''}
                options={[['', 'automatic'], ...options]}
                choose={(next) => change({ [key]: next || undefined })}
              />
            ))}
            {(['x', 'y'] as const).map((axis) => (
              <Check key={axis} label={`log ${axis}`} checked={log.includes(axis)} toggle={() => toggle(axis)} />
            ))}
            {withoutTrials.map(([key, text]) => (
              <Check
                key={key}
                label={text}
                checked={search[key] === true}
                toggle={() => change({ [key]: search[key] === true ? undefined : true })}
              />
            ))}
          </>
        )}
        <Field
          label="Filter"
          placeholder="eta > 0.1"
          defaultValue={search.where ?? ''}
          onBlur={(event) => change({ where: event.target.value || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        {isFetching && (
          <span className="faint" role="status">
            Drawing …
          </span>
        )}
      </div>
      {error !== null ? <Failure error={error} again={() => void refetch()} /> : null}
      {data !== undefined && error === null && (
        <FigureView figure={data} command={commandText(['figure', shortId(sweep.id)], request)} />
      )}
    </section>
  )
}
