import type { WholeCellData } from '@driftfarm/report'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button } from '../../parts/controls.tsx'
import { useWindowEvent } from '../../parts/useWindowEvent.ts'
import { keyOf, type Neighbour, neighboursOf } from './neighbours.ts'

/** The cells of a larger sweep would take seconds to load. */
const maxCells = 50_000

/** Elements that use the arrow keys themselves. */
const usesArrows =
  'input, select, textarea, [contenteditable], [role=tablist], [role=application], dialog, .table-frame'

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowDown: '↓',
  ArrowUp: '↑',
}

/** Buttons to the neighbours of a cell along each axis; arrow keys do the same. */
export function Neighbours({ sweep, index }: { readonly sweep: WholeCellData['sweep']; readonly index: number }) {
  const navigate = useNavigate({ from: '/sweeps/$ref/cells/$cell' })
  const { data } = useAnswer(
    'cells',
    { sweep: sweep.id },
    // The values of the axes never change.
    { enabled: sweep.cells <= maxCells, staleTime: Number.POSITIVE_INFINITY, renewedBy: ['axes'] },
  )
  const neighbours = useMemo(() => (data === undefined ? [] : neighboursOf(data, index)), [data, index])
  const go = ({ index: cell }: Neighbour): void =>
    void navigate({ params: { ref: sweep.id, cell: String(cell) }, search: true, replace: true })
  useWindowEvent('keydown', (event) => {
    if (event.defaultPrevented || (event.target as Element).closest(usesArrows) !== null) return
    const next = neighbours.find(({ key }) => key !== null && key === keyOf(event))
    if (next === undefined) return
    event.preventDefault()
    go(next)
  })
  return (
    <nav className="tools" aria-label="Neighbouring cells">
      {neighbours.map((each) => (
        <span key={each.key ?? each.name}>
          <Button label={each.name} small onClick={() => go(each)} aria-keyshortcuts={each.key ?? undefined} />{' '}
          {each.key !== null && <kbd>{keyText(each.key)}</kbd>}
        </span>
      ))}
    </nav>
  )
}

const keyText = (key: string): string => key.replace('+', ' ').replace(/Arrow\w+/, (arrow) => signs[arrow]!)
