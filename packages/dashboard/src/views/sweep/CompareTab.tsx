import { type ComparisonData, comparisonFigure } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSource } from '../../live/place.tsx'
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
  const other = search.with
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['compare', sweep.id, other, search.of, sweep.trials.done],
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
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data !== undefined && error === null && <Compared data={data} of={search.of} other={other!} />}
    </section>
  )
}

interface ComparedProps {
  readonly data: ComparisonData
  readonly of: string | undefined
  readonly other: string
}

function Compared({ data, of, other }: ComparedProps) {
  const { sweeps, settings, only, cells } = data
  const figure = useMemo(() => (cells.length === 0 ? null : comparisonFigure(data)), [data, cells])
  const apart = only.first.length + only.second.length
  const command = `driftfarm compare ${sweeps[0].name} ${other.slice(0, 12)}${of === undefined ? '' : ` --of ${of}`}`
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
