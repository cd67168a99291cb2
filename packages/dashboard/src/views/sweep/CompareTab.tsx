import {
  type ComparedCell,
  type ComparedEstimate,
  type ComparisonData,
  clearestFirst,
  comparisonFigure,
  countText,
  differingText,
} from '@driftfarm/report'
import { useMemo } from 'react'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, pathText, shortId, valueText } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Doing, Estimate, type EstimateProps, Failure } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/Table.tsx'
import { Choices, sweepOptions } from './Choices.tsx'
import { likelyFirst } from './likelyFirst.ts'
import type { TabProps } from './search.ts'

export function CompareTab({ sweep, cells, search, change }: TabProps) {
  const list = useAnswer('sweeps', {})
  const { others, likeliest } = useMemo(() => likelyFirst(list.data?.sweeps ?? [], sweep.id), [list.data, sweep.id])
  // A link may give a name, which means the newest sweep with that name.
  const named = others.find(
    ({ id, name, newest }) => id === search.with || shortId(id) === search.with || (newest && name === search.with),
  )
  const other = (search.with === undefined ? likeliest : named)?.id
  const done = useSlowly(sweep.cells.done, 10_000)
  const asked = { first: sweep.id, second: other, of: search.of }
  const { data, error, isFetching, refetch } = useAnswer('compare', asked, {
    renewedBy: [sweep.state, done],
    enabled: other !== undefined,
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  if (list.data !== undefined && others.length === 0)
    return <p className="empty">No other sweep to compare with. Submit another sweep first.</p>
  const names = Object.keys(cells?.estimates ?? {})
  const offered = sweepOptions(others)
  return (
    <section aria-label="Comparison">
      <div className="controls">
        <Choices
          choices={[
            ['Compare with', 'with', other ?? '', other === undefined ? [['', 'choose a sweep'], ...offered] : offered],
            ['Estimate', 'of', search.of ?? '', [['', 'automatic'], ...names.map((name) => [name, name] as const)]],
          ]}
          change={change}
        />
        <Help to="compare" />
        {isFetching && <Doing>Comparing …</Doing>}
      </div>
      {list.data !== undefined && other === undefined && (
        <p className="empty">
          {search.with === undefined ? 'No other sweep is similar' : `The sweep ${search.with} was not found`}. Choose a
          sweep from the list.
        </p>
      )}
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {other !== undefined && data !== undefined && error === null && <Compared data={data} of={search.of} />}
    </section>
  )
}

/** Shortens hashes of data. */
const settingText = (value: unknown): string => valueText(value).replace(/\b[0-9a-f]{64}\b/g, shortId)

function Compared({ data, of }: { readonly data: ComparisonData; readonly of: string | undefined }) {
  const { sweeps, settings, only, cells } = data
  const figures = useMemo(() => {
    if (cells.every(({ same }) => same)) return []
    const first = comparisonFigure(data)
    return first.figure === 'map' ? [first, comparisonFigure(data, true)] : [first]
  }, [data, cells])
  const apart = only.first.length + only.second.length
  const command = (intervals: true | undefined) =>
    commandText(['compare', ...sweeps.map(({ id }) => shortId(id))], { of, figure: 'differences.svg', intervals })
  return (
    <>
      {settings.length > 0 && (
        <p>
          The sweeps differ in{' '}
          {settings
            .map(
              ({ path, first, second }) =>
                `${path} (${settingText(first)} here, ${settingText(second)} in the other sweep)`,
            )
            .join('; ')}
          .
        </p>
      )}
      {apart > 0 && (
        <p className="faint">
          Matched: {countText(cells.length, 'pair')} of cells. Unmatched: {countText(only.first.length, 'cell')} of this
          sweep and {countText(only.second.length, 'cell')} of the other sweep.
        </p>
      )}
      {figures.length === 0 ? (
        <p className="empty">
          {cells.length > 0
            ? 'All matched cells have the same trials in both sweeps, so there is nothing to compare.'
            : 'No pair of matching cells has trials in both sweeps. Two cells match if they have the same value of ' +
              'every setting that either sweep varies.'}
        </p>
      ) : (
        <>
          {figures.map((figure, at) => (
            <FigureView key={figure.figure} figure={figure} command={command(at === 1 || undefined)} />
          ))}
          <ComparedTable data={data} of={figures[0]!.of!} />
        </>
      )}
    </>
  )
}

function ComparedTable({ data, of }: { readonly data: ComparisonData; readonly of: string }) {
  const { cells, matchedBy } = data
  const lines = useMemo(() => clearestFirst(cells, of), [cells, of])
  const value = (name: string, part: (estimate: ComparedEstimate) => EstimateProps): Column<ComparedCell> => ({
    name,
    is: 'nowrap',
    show: ({ estimates }) => <Estimate {...part(estimates[of]!)} />,
  })
  return (
    <>
      <p>{differingText(lines, of)}. The clearest difference is in the first row.</p>
      <Table
        label="Matched cells"
        columns={[
          ...matchedBy.map(
            (path): Column<ComparedCell> => ({
              name: pathText(path),
              title: path,
              show: ({ params }) => valueText(params[path]),
            }),
          ),
          value(`${of}, this sweep`, ({ first }) => first),
          value(`${of}, other sweep`, ({ second }) => second),
          value('Difference', ({ difference }) => difference),
          value('Ratio', ({ ratio }) => ratio),
          {
            name: 'Verdict',
            is: 'nowrap',
            show: ({ same, estimates }) =>
              same ? (
                'same trials'
              ) : (
                <>
                  {estimates[of]!.differs ? <strong>differ</strong> : 'may be equal'}
                  {estimates[of]!.paired ? ', paired' : ''}
                </>
              ),
          },
        ]}
        rows={lines}
        keyOf={({ cells: pair }) => pair.join(' ')}
        isHeaded={false}
        rowHeight={33}
      />
    </>
  )
}
