import type { SweepFigure, WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSource } from '../../live/documentOrigin.tsx'
import { Select } from '../../parts/controls.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, shortId } from '../../parts/format.ts'
import { Waiting } from '../../parts/states.tsx'

interface Props {
  readonly sweep: WholeCellData['sweep']
  readonly index: number
  readonly names: readonly string[]
  readonly params: WholeCellData['cell']['params']
}

export function CellFigures({ sweep, index, names, params }: Props) {
  const probabilities = names.filter((name) => !/^(escapeRate|escapeStep|cost:|joint|observe:)/.test(name))
  const [of, setOf] = useState(probabilities.includes('escape') ? 'escape' : (probabilities[0] ?? 'escape'))
  const source = useSource()
  const { data: observed } = useQuery({
    queryKey: ['observed', sweep.id, index, sweep.trials],
    queryFn: () => source.observed({ sweep: sweep.id, cells: [index] }),
  })
  const where = Object.entries(params)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([path, value]) => `${path.split('.').at(-1)} == ${typeof value === 'string' ? JSON.stringify(value) : value}`)
    .join(' && ')
  return (
    <section aria-label="Figures">
      <h2>Convergence of the interval</h2>
      {probabilities.length > 1 && (
        <Select label="Estimate" value={of} options={probabilities.map((name) => [name, name])} choose={setOf} />
      )}
      <Drawn sweep={sweep} request={{ kind: 'convergence', cell: index, of }} />
      {names.includes('escape') && (
        <>
          <h2>Escape times and outcomes</h2>
          <Drawn sweep={sweep} request={{ kind: 'curve', ...(where === '' ? {} : { where }) }} />
        </>
      )}
      {observed?.data.cells.some(({ values }) => values.length > 0) && (
        <>
          <h2>Observed values</h2>
          <Drawn sweep={sweep} request={{ kind: 'observed', cell: index }} />
        </>
      )}
    </section>
  )
}

function Drawn({ sweep, request }: Pick<Props, 'sweep'> & { readonly request: SweepFigure }) {
  const source = useSource()
  const { data, error } = useQuery({
    queryKey: ['figure', sweep.id, request, sweep.trials],
    queryFn: () => source.figure(sweep.id, request),
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  if (error !== null) return <p className="faint">{error.message}</p>
  if (data === undefined) return <Waiting>Drawing</Waiting>
  return <FigureView figure={data} command={commandText(['figure', shortId(sweep.id)], request)} />
}
