import type { ComparisonData } from '@driftfarm/report'
import { intervalText, numberText, pathText, valueText } from '../../parts/format.ts'
import { TableFrame } from '../../parts/TableFrame.tsx'

/** Lines that are shown; the command prints all of them. */
const mostLines = 500

/** A line for each pair of matched cells. */
export function ComparedTable({ data, of }: { readonly data: ComparisonData; readonly of: string }) {
  const { cells, matchedBy } = data
  const lines = cells.filter(({ estimates }) => of in estimates)
  return (
    <>
      <TableFrame label="Matched cells">
        <thead>
          <tr>
            {matchedBy.map((path) => (
              <th key={path} scope="col" title={path}>
                {pathText(path)}
              </th>
            ))}
            <th scope="col">{of}, this sweep</th>
            <th scope="col">the other</th>
            <th scope="col">Difference</th>
            <th scope="col">Ratio</th>
            <th scope="col">They</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, mostLines).map(({ cells: pair, params, estimates }) => {
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
                <td>
                  {differs ? <strong>differ</strong> : 'may be equal'}
                  {paired ? ', in pairs' : ''}
                </td>
              </tr>
            )
          })}
        </tbody>
      </TableFrame>
      {lines.length > mostLines && (
        <p className="faint">and {lines.length - mostLines} pairs more, which the command prints</p>
      )}
    </>
  )
}

type Told = number | string | null

const known = (value: Told): number | null => (typeof value === 'string' ? Number(value) : value)

function Value({ value, low, high }: { readonly value: Told; readonly low: Told; readonly high: Told }) {
  return (
    <>
      {numberText(known(value))} <span className="faint">{intervalText(known(low), known(high))}</span>
    </>
  )
}
