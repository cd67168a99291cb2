import type { WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDesk } from '../../live/desk.tsx'
import { Failure } from '../../parts/Failure.tsx'
import { numberText } from '../../parts/format.ts'

/** What mathematics says of the cell: asked for, since it takes a moment. */
export function Exact({ sweep, index }: { readonly sweep: WholeCellData['sweep']; readonly index: number }) {
  const [asked, setAsked] = useState(false)
  return (
    <section aria-label="What mathematics says">
      <h2>What mathematics says</h2>
      {asked ? (
        <>
          <OracleOf sweep={sweep} index={index} />
          <TheoremOf sweep={sweep} index={index} />
        </>
      ) : (
        <p>
          <button type="button" onClick={() => setAsked(true)}>
            Compute exact values and Theorem 1
          </button>{' '}
          <span className="faint">About a second; it is kept.</span>
        </p>
      )}
    </section>
  )
}

type Props = { readonly sweep: WholeCellData['sweep']; readonly index: number }

function OracleOf({ sweep, index }: Props) {
  const desk = useDesk()
  const { data, error } = useQuery({
    queryKey: ['exact', sweep.id, index],
    queryFn: () => desk.exact(sweep.id, [index]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <p className="waiting" role="status">Computing exact values …</p>
  const [cell] = data.cells
  if (cell === undefined || cell.refused !== null)
    return <p>There is no exact value: {cell?.refused ?? 'the cell is not answered'}.</p>
  return (
    <pre tabIndex={0} className="spec">
      {JSON.stringify(cell, (key, value) => (['index', 'id', 'params'].includes(key) ? undefined : value), 1)}
    </pre>
  )
}

function TheoremOf({ sweep, index }: Props) {
  const desk = useDesk()
  const { data, error } = useQuery({
    queryKey: ['theorem', sweep.id, index],
    queryFn: () => desk.theorem(sweep.id, [index]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <p className="waiting" role="status">Theorem 1 is being applied …</p>
  const [cell] = data.cells
  if (cell === undefined) return null
  return (
    <>
      <h3>Theorem 1</h3>
      <ul>
        {cell.conditions.map(({ number, holds, numbers }) => (
          <li key={number}>
            Condition {number} <strong>{holds ? 'holds' : 'fails'}</strong>
            <span className="faint"> {numbersText(numbers)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function numbersText(numbers: Readonly<Record<string, number | string>>): string {
  return Object.entries(numbers)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? numberText(value) : value}`)
    .join(', ')
}
