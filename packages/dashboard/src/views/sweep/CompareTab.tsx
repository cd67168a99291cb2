import { type ComparisonData, comparisonFigure } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSource } from '../../live/place.tsx'
import { useSlowly } from '../../live/useSlowly.ts'
import { commandText, shortId } from '../../parts/command.ts'
import { Failure } from '../../parts/Failure.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { pathText, valueText } from '../../parts/format.ts'
import { Select } from '../../parts/Select.tsx'
import { ComparedTable } from './ComparedTable.tsx'
import type { TabProps } from './MapTab.tsx'

/** This sweep beside another, cell by cell: what lies between them, and whether it is more than chance. */
export function CompareTab({ sweep, cells, search, change }: TabProps) {
  const source = useSource()
  const list = useQuery({ queryKey: ['sweeps'], queryFn: () => source.sweeps() })
  const others = useMemo(() => {
    const all = (list.data?.sweeps ?? []).filter(({ id }) => id !== sweep.id)
    // Those of the same name are the likeliest.
    return [...all].sort((a, b) => Number(b.name === sweep.name) - Number(a.name === sweep.name))
  }, [list.data, sweep.id, sweep.name])
  // An address that somebody wrote may have a name, which means the newest sweep of that name.
  const other = others.find(({ id, name, newest }) => id === search.with || (newest && name === search.with))?.id
  const done = useSlowly(sweep.cells.done, 10_000)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['compare', sweep.id, other, search.of, sweep.state, done],
    queryFn: () => source.compare(sweep.id, other!, { of: search.of }),
    enabled: other !== undefined,
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  if (list.data !== undefined && others.length === 0)
    return <p className="empty">There is no other sweep to compare it with.</p>
  const names = Object.keys(cells?.estimates ?? {})
  return (
    <section aria-label="Comparison">
      <div className="controls">
        <Select
          label="With"
          value={other ?? ''}
          options={[
            ['', 'choose a sweep'],
            ...others.map(({ id, name, newest }) => [id, newest ? name : `${name} (${id.slice(0, 8)})`] as const),
          ]}
          choose={(id) => change({ with: id || undefined })}
        />
        <Select
          label="Of"
          value={search.of ?? ''}
          options={[['', 'what says most'], ...names.map((name) => [name, name] as const)]}
          choose={(of) => change({ of: of || undefined })}
        />
        {isFetching && (
          <span className="faint" role="status">
            comparing …
          </span>
        )}
      </div>
      {list.data !== undefined && search.with !== undefined && other === undefined && (
        <p className="empty">There is no other sweep {search.with}.</p>
      )}
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {other !== undefined && data !== undefined && error === null && <Compared data={data} of={search.of} />}
    </section>
  )
}

interface ComparedProps {
  readonly data: ComparisonData
  readonly of: string | undefined
}

function Compared({ data, of }: ComparedProps) {
  const { sweeps, settings, only, cells } = data
  const figure = useMemo(() => (cells.length === 0 ? null : comparisonFigure(data)), [data, cells])
  const apart = only.first.length + only.second.length
  const command = commandText(['compare', ...sweeps.map(({ id }) => shortId(id))], { of })
  return (
    <>
      {settings.length > 0 && (
        <p>
          They differ in{' '}
          {settings
            .map(({ path, first, second }) => `${pathText(path)}: ${valueText(first)} and ${valueText(second)}`)
            .join('; ')}
          .
        </p>
      )}
      {apart > 0 && (
        <p className="faint">
          {cells.length} cells have a match; {only.first.length} of this sweep and {only.second.length} of the other
          have none.
        </p>
      )}
      {figure === null ? (
        <p className="empty">No two cells with trials match: they have no value of their axes in common.</p>
      ) : (
        <>
          <FigureView figure={figure} command={command} />
          <ComparedTable data={data} of={figure.of!} />
        </>
      )}
    </>
  )
}
