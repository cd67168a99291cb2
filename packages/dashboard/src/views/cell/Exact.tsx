import type { OracleData, WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { usePlace, useSource } from '../../live/place.tsx'
import { Failure } from '../../parts/Failure.tsx'
import { intervalText, numberText } from '../../parts/format.ts'
import { TableFrame } from '../../parts/TableFrame.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Theorem } from './Theorem.tsx'

/** What mathematics says of the cell: asked for, since it takes a moment. */
export function Exact({ whole }: { readonly whole: WholeCellData }) {
  const [asked, setAsked] = useState(false)
  const { isFarm } = usePlace()
  return (
    <section aria-label="What mathematics says">
      <h2>What mathematics says</h2>
      {asked ? (
        <>
          <Answers whole={whole} />
          <Theorem sweep={whole.sweep} index={whole.cell.index} />
        </>
      ) : (
        <p>
          <button type="button" onClick={() => setAsked(true)}>
            Compute exact values and Theorem 1
          </button>{' '}
          <span className="faint">Some seconds{isFarm ? '; the farm keeps it' : ''}.</span>
        </p>
      )}
    </section>
  )
}

function Answers({ whole: { sweep, cell: measured } }: { readonly whole: WholeCellData }) {
  const source = useSource()
  const { data, error } = useQuery({
    queryKey: ['exact', sweep.id, measured.index],
    queryFn: () => source.exact(sweep.id, [measured.index]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Waiting>Computing exact values</Waiting>
  const [cell] = data.cells
  if (cell === undefined) return null
  const answers = Object.entries(cell.answers)
  const missing = Object.entries(cell.missing)
  return (
    <>
      {cell.refused !== null && <p>There is no exact value: {cell.refused}.</p>}
      {answers.length > 0 && (
        <TableFrame
          label="Exact values"
          columns={[
            'Estimate',
            { name: 'Exactly', is: 'number' },
            { name: 'Error', is: 'number', title: 'disagreement of two resolutions, relative to the value' },
            { name: 'Measured', is: 'number' },
            'Interval',
            'Method',
          ]}
          isLow
        >
          {answers.map(([name, { value, error: off, method }]) => {
            const estimate = measured.estimates[name]
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{numberText(value)}</td>
                <td className="number">{numberText(off)}</td>
                <td className="number">{numberText(estimate?.value)}</td>
                <td className="nowrap">{intervalText(estimate?.low, estimate?.high)}</td>
                <td>{method}</td>
              </tr>
            )
          })}
        </TableFrame>
      )}
      {missing.length > 0 && (
        <ul className="faint">
          {missing.map(([name, reason]) => (
            <li key={name}>
              {name}: {reason}
            </li>
          ))}
        </ul>
      )}
      <Laws laws={cell.laws} />
    </>
  )
}

/** Asymptotic laws, where they say something; why the others do not, in one line each. */
function Laws({ laws }: { readonly laws: OracleData['cells'][number]['laws'] }) {
  if (laws.length === 0) return null
  return (
    <>
      <h3>Asymptotic laws</h3>
      <ul>
        {laws.map((law) => (
          <li key={law.name}>
            <strong>{law.name}</strong>{' '}
            {law.applies ? (
              <>
                {Object.entries(law.quantities)
                  .map(([name, { value, unit }]) => `${name} ${textOf(value)}${unit === '' ? '' : ` ${unit}`}`)
                  .join(', ')}
                <span className="faint">
                  {' '}
                  {law.conditions.join('; ')}; leaves out {law.error}
                </span>
              </>
            ) : (
              <span className="faint">does not apply: {law.reason}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

const textOf = (value: number | string | null): string => (typeof value === 'string' ? value : numberText(value))
