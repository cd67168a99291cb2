import type { WholeCellData } from '@driftfarm/report'
import { type ReactNode, useState } from 'react'
import { useAnswer } from '../../live/useAnswer.ts'
import { Select } from '../../parts/controls.tsx'
import { SweepFigureView } from '../../parts/FigureView.tsx'
import { HelpedHeading } from '../../parts/Help.tsx'

export function CellFigures({ whole: { sweep, cell, curve } }: { readonly whole: WholeCellData }) {
  const probabilities = Object.keys(cell.estimates).filter(
    (name) => !/^(escapeRate|escapeStep|cost:|joint|observe:)/.test(name),
  )
  const [of, setOf] = useState(probabilities.includes('escape') ? 'escape' : (probabilities[0] ?? 'escape'))
  const { index } = cell
  const { data: observed } = useAnswer('observed', { sweep: sweep.id, cells: [index] }, { renewedBy: [sweep.trials] })
  const drawn = { id: sweep.id, renewedBy: sweep.trials }
  const figure = (kind: 'curve' | 'observed', heading: ReactNode) => (
    <>
      {heading}
      <SweepFigureView sweep={drawn} request={{ kind, cell: index }} />
    </>
  )
  if (probabilities.length === 0) return <p className="empty">No trials yet.</p>
  return (
    <section aria-label="Figures">
      <HelpedHeading to="intervals">Convergence of the interval</HelpedHeading>
      {probabilities.length > 1 && (
        <Select label="Estimate" value={of} options={probabilities.map((name) => [name, name])} choose={setOf} />
      )}
      <SweepFigureView sweep={drawn} request={{ kind: 'convergence', cell: index, of }} />
      {curve !== undefined && figure('curve', <HelpedHeading to="escape">Escape times and outcomes</HelpedHeading>)}
      {observed?.data.cells.some(({ values }) => values.length > 0) && figure('observed', <h2>Observed values</h2>)}
    </section>
  )
}
