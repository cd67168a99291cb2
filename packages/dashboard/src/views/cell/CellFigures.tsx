import { curveFigure, type SweepFigure, type WholeCellData } from '@driftfarm/report'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSource } from '../../live/documentOrigin.tsx'
import { Select } from '../../parts/controls.tsx'
import { FigureView } from '../../parts/FigureView.tsx'
import { commandText, shortId } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Waiting } from '../../parts/states.tsx'

export function CellFigures({ whole: { sweep, cell, curve } }: { readonly whole: WholeCellData }) {
  const probabilities = Object.keys(cell.estimates).filter(
    (name) => !/^(escapeRate|escapeStep|cost:|joint|observe:)/.test(name),
  )
  const [of, setOf] = useState(probabilities.includes('escape') ? 'escape' : (probabilities[0] ?? 'escape'))
  const source = useSource()
  const { index } = cell
  const { data: observed } = useQuery({
    queryKey: ['observed', sweep.id, index, sweep.trials],
    queryFn: () => source.observed({ sweep: sweep.id, cells: [index] }),
  })
  if (probabilities.length === 0) return <p className="empty">No trials yet.</p>
  return (
    <section aria-label="Figures">
      <h2>
        Convergence of the interval <Help to="intervals" />
      </h2>
      {probabilities.length > 1 && (
        <Select label="Estimate" value={of} options={probabilities.map((name) => [name, name])} choose={setOf} />
      )}
      <Drawn sweep={sweep} request={{ kind: 'convergence', cell: index, of }} />
      {curve !== undefined && (
        <>
          <h2>
            Escape times and outcomes <Help to="escape" />
          </h2>
          <FigureView
            figure={curveFigure({ sweep, cells: [curve] })}
            command={commandText(['figure', shortId(sweep.id)], { kind: 'curve', where: whereOf(cell.params) })}
          />
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

/** The condition that selects a cell in a command; undefined if nothing is swept. */
function whereOf(params: WholeCellData['cell']['params']): string | undefined {
  const conditions = Object.entries(params)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([path, value]) => `${path.split('.').at(-1)} == ${typeof value === 'string' ? JSON.stringify(value) : value}`)
  return conditions.length === 0 ? undefined : conditions.join(' && ')
}

interface Props {
  readonly sweep: WholeCellData['sweep']
  readonly request: SweepFigure
}

function Drawn({ sweep, request }: Props) {
  const source = useSource()
  const { data, error } = useQuery({
    queryKey: ['figure', sweep.id, request, sweep.trials],
    queryFn: () => source.figure(sweep.id, request),
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  if (error !== null) return <p className="faint">{error.message}</p>
  if (data === undefined) return <Waiting>Drawing</Waiting>
  const command = commandText(['figure', shortId(sweep.id)], request)
  return <FigureView figure={data} command={command} request={request} />
}
