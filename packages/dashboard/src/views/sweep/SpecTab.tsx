import type { StatusData } from '@driftfarm/report'
import { Link } from '@tanstack/react-router'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, saved } from '../../parts/controls.tsx'
import { shortId, timeText } from '../../parts/format.ts'
import { SweepLink } from '../../parts/links.tsx'
import { Waiting } from '../../parts/states.tsx'

export function SpecTab({ sweep }: { readonly sweep: StatusData }) {
  const { isFarm } = useDocumentOrigin()
  const { data, error } = useAnswer('origins', { sweep: sweep.id })
  const list = useAnswer('sweeps', {})
  if (error !== null || data === undefined) return <Waiting error={error}>Loading the spec</Waiting>
  const others = (list.data?.sweeps ?? []).filter(({ name, differs }) => name === sweep.name && differs.length > 0)
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
        <>
          <h2>Sweeps with this name</h2>
          <ul>
            {others.map(({ id, differs }) => (
              <li key={id}>
                {id === sweep.id ? (
                  <strong>{shortId(id)} (this sweep)</strong>
                ) : (
                  <SweepLink id={id}>{shortId(id)}</SweepLink>
                )}
                : {differs.map(({ path, value }) => `${path} ${value}`).join(', ')}
              </li>
            ))}
          </ul>
        </>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll it */}
      <pre className="spec" tabIndex={0}>
        {data.spec}
      </pre>
    </section>
  )
}
