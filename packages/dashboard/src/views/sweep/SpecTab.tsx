import { countText, type StatusData } from '@driftfarm/report'
import { Link } from '@tanstack/react-router'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, saved } from '../../parts/controls.tsx'
import { timeText } from '../../parts/format.ts'
import { Waiting } from '../../parts/states.tsx'
import { UpdateFormulas } from '../../parts/UpdateFormulas.tsx'

export function SpecTab({ sweep }: { readonly sweep: StatusData }) {
  const { isFarm } = useDocumentOrigin()
  const { data, error } = useAnswer('origins', { sweep: sweep.id })
  const list = useAnswer('sweeps', {})
  const first = useAnswer('cell', { sweep: sweep.id, cell: '0' })
  if (error !== null || data === undefined) return <Waiting error={error}>Loading the spec</Waiting>
  const others = (list.data?.sweeps ?? []).filter(({ name }) => name === sweep.name)
  return (
    <section aria-label="Spec">
      <p>
        Submitted {timeText(data.submittedAt)} with kernel {data.kernel}.{' '}
        <Button
          small
          onClick={() => saved(`${sweep.name}.yaml`, 'application/yaml', data.spec)}
          label="Save the spec"
        />{' '}
        {isFarm && (
          <Link to="/new" search={{ from: sweep.id }}>
            Change and run again
          </Link>
        )}
      </p>
      {others.length > 1 && (
        <p>
          <Link to="/" search={{ q: sweep.name }}>
            {countText(others.length, 'sweep')} with this name
          </Link>
        </p>
      )}
      <h2>Update of cell 0</h2>
      {first.data !== undefined && <UpdateFormulas cell={first.data.resolved} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll it */}
      <pre className="spec" tabIndex={0}>
        {data.spec}
      </pre>
    </section>
  )
}
