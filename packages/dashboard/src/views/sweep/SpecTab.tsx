import type { StatusData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDocumentOrigin } from '../../live/documentOrigin.tsx'
import { Button, saved } from '../../parts/controls.tsx'
import { shortId, timeText } from '../../parts/format.ts'
import { Failure, Waiting } from '../../parts/states.tsx'

export function SpecTab({ sweep }: { readonly sweep: StatusData }) {
  const { source, isFarm } = useDocumentOrigin()
  const { data, error } = useQuery({
    queryKey: ['origins', sweep.id],
    queryFn: () => source.origins({ sweep: sweep.id }),
  })
  const list = useQuery({ queryKey: ['sweeps'], queryFn: () => source.sweeps() })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Waiting>Loading the spec</Waiting>
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
            Edit a copy
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
                  <Link to="/sweeps/$ref" params={{ ref: id }}>
                    {shortId(id)}
                  </Link>
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
