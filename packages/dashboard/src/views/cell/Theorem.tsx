import { againstMeasured, type WholeCellData } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { intervalText, numberText } from '../../parts/format.ts'
import { HelpedHeading } from '../../parts/Help.tsx'
import { marked, Waiting } from '../../parts/states.tsx'

export function Theorem({ sweep, index }: { readonly sweep: WholeCellData['sweep']; readonly index: number }) {
  const asked = { sweep: sweep.id, cell: String(index) }
  const { data, error } = useAnswer('theorem', asked, { staleTime: Number.POSITIVE_INFINITY })
  if (error !== null || data === undefined) return <Waiting error={error}>Applying Theorem 1</Waiting>
  const [cell] = data.cells
  if (cell === undefined) return null
  const { set, conditions, bounds, certificate, steps, measured } = cell
  // Use the sharpest bound that is available. `upper` and `escape` are sharper, but only `exponential` and `doob` are
  // available if the drift is not Gaussian.
  const most = Math.min(1, bounds?.upper ?? bounds?.escape ?? bounds?.exponential ?? bounds?.doob ?? 1)
  const horizon = `${steps.toLocaleString()} steps`
  return (
    <>
      <HelpedHeading to="theorem">Theorem 1</HelpedHeading>
      <p className="faint">
        Applied to the {set.kind} of radius {numberText(set.radius)} around {cell.minimum.name ?? 'the minimum'}.
      </p>
      <ul>
        {conditions.map(({ number, holds, text }) => (
          <li key={number}>
            Condition {number} <strong>{holds ? 'holds' : 'fails'}</strong>{' '}
            <span className="faint">{marked(text)}</span>
          </li>
        ))}
      </ul>
      {bounds === null ? (
        <p>Theorem 1 gives no bound here.</p>
      ) : most === 1 && bounds.lower === null ? (
        <p>
          Theorem 1 gives no bound on the probability of leaving the {set.kind} within {horizon}.
        </p>
      ) : (
        <p>
          The probability that a trial leaves the {set.kind} within {horizon} is at most{' '}
          <strong>{numberText(most)}</strong>
          {bounds.lower === null ? '' : ` and at least ${numberText(bounds.lower)}`}
          {measured?.sameEvent && againstMeasured(most, measured)}.
        </p>
      )}
      {'reason' in certificate ? (
        <p className="faint">Theorem 2 gives no bound on P(escape): {marked(certificate.reason)}.</p>
      ) : certificate.by === 'ball' ? (
        <p>
          A trial must leave the {set.kind} before it meets the escape condition, so the upper bound also holds for
          P(escape).
        </p>
      ) : (
        <p>
          The probability that a trial of this cell escapes within {horizon} is at most{' '}
          <strong>{numberText(certificate.escape)}</strong>, proven by Theorem 2
          {againstMeasured(certificate.escape, measured)}.
        </p>
      )}
      {measured !== null && (
        <p>
          Measured {numberText(measured.value)} {intervalText(measured.low, measured.high)}{' '}
          {measured.sameEvent
            ? 'for the same event as in Theorem 1.'
            : `for a different event. Theorem 1 is about leaving the ${set.kind}.`}
        </p>
      )}
    </>
  )
}
