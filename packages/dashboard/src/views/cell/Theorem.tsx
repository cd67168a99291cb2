import type { TheoremData, WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useSource } from '../../live/place.tsx'
import { Failure } from '../../parts/Failure.tsx'
import { intervalText, numberText } from '../../parts/format.ts'
import { Waiting } from '../../parts/Waiting.tsx'

/** What Theorem 1 proves of the cell, and whether it speaks of the event that was measured. */
export function Theorem({ sweep, index }: { readonly sweep: WholeCellData['sweep']; readonly index: number }) {
  const source = useSource()
  const { data, error } = useQuery({
    queryKey: ['theorem', sweep.id, index],
    queryFn: () => source.theorem(sweep.id, [index]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Waiting>Theorem 1 is being applied</Waiting>
  const [cell] = data.cells
  if (cell === undefined) return null
  const { set, conditions, bounds, certificate, steps, measured } = cell
  return (
    <>
      <h3>Theorem 1</h3>
      <p className="faint">
        Of the {set.kind} of radius {numberText(set.radius)} around {cell.minimum.name ?? 'the minimum'}.
      </p>
      <ul>
        {conditions.map(({ number, holds, text }) => (
          <li key={number}>
            Condition {number} <strong>{holds ? 'holds' : 'fails'}</strong> <span className="faint">{text}</span>
          </li>
        ))}
      </ul>
      {bounds === null ? <p>It gives no bound here.</p> : <Bounds bounds={bounds} steps={steps} />}
      {'reason' in certificate ? (
        <p className="faint">No certificate of the escape itself: {certificate.reason}.</p>
      ) : certificate.by === 'ball' ? (
        <p>It is left before the escape of this cell, which is no more likely.</p>
      ) : (
        <p>
          The escape of this cell, wherever it happens, has a probability of at most{' '}
          <strong>{numberText(certificate.escape)}</strong> within {steps.toLocaleString()} steps: proven (Theorem 2).
        </p>
      )}
      {measured !== null && (
        <p>
          Measured {numberText(measured.value)} {intervalText(measured.low, measured.high)}:{' '}
          {measured.sameEvent
            ? 'of the same event as Theorem 1 speaks of.'
            : 'not of leaving the ball, of which Theorem 1 speaks.'}
        </p>
      )}
    </>
  )
}

interface BoundsProps {
  readonly bounds: NonNullable<TheoremData['cells'][number]['bounds']>
  readonly steps: number
}

function Bounds({ bounds: { escape, upper, lower, exponential, doob }, steps }: BoundsProps) {
  // From the sharpest, which is known for Gaussian drift alone, to those that need less and say less.
  const most = Math.min(1, upper ?? escape ?? exponential ?? doob ?? 1)
  if (most === 1 && lower === null) return <p>Of leaving it within {steps.toLocaleString()} steps it says nothing.</p>
  return (
    <p>
      A trial leaves it within {steps.toLocaleString()} steps with a probability of at most{' '}
      <strong>{numberText(most)}</strong>
      {lower === null ? '' : ` and at least ${numberText(lower)}`}.
    </p>
  )
}
