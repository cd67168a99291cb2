import { type ComparisonData, differingText } from '@driftfarm/report'
import { intervalText, numberText, pathText, valueText } from '../../parts/format.ts'
import { TableFrame } from '../../parts/TableFrame.tsx'

const maxLines = 500

export function ComparedTable({ data, of }: { readonly data: ComparisonData; readonly of: string }) {
  const { cells, matchedBy } = data
  const lines = cells.filter(({ estimates }) => of in estimates)
  return (
    <>
      <p>{differingText(lines.map(({ estimates }) => estimates[of]!))}.</p>
      <TableFrame
        label="Matched cells"
        columns={[
          ...matchedBy.map((path) => ({ name: pathText(path), title: path })),
          `${of}, this sweep`,
          `${of}, other sweep`,
          'Difference',
          'Ratio',
          'Verdict',
        ]}
      >
        {lines.slice(0, maxLines).map(({ cells: pair, params, estimates }) => {
          const { first, second, difference, ratio, differs, paired } = estimates[of]!
          return (
            <tr key={pair.join(' ')}>
              {matchedBy.map((path) => (
                <td key={path}>{valueText(params[path])}</td>
              ))}
              <td className="nowrap">
                <Value {...first} />
              </td>
              <td className="nowrap">
                <Value {...second} />
              </td>
              <td className="nowrap">
                <Value {...difference} />
              </td>
              <td className="nowrap">{ratio === null ? '' : <Value {...ratio} />}</td>
              <td className="nowrap">
                {differs ? <strong>differ</strong> : 'may be equal'}
                {paired ? ', paired' : ''}
              </td>
            </tr>
          )
        })}
      </TableFrame>
      {lines.length > maxLines && (
        <p className="faint">
          Only {maxLines} of {lines.length} pairs are shown. The command above prints all pairs.
        </p>
      )}
    </>
  )
}

type Shown = number | string | null

const known = (value: Shown): number | null => (typeof value === 'string' ? Number(value) : value)

function Value({ value, low, high }: { readonly value: Shown; readonly low: Shown; readonly high: Shown }) {
  return (
    <>
      {numberText(known(value))} <span className="faint">{intervalText(known(low), known(high))}</span>
    </>
  )
}
