import { type CellsData, cellStates, colorAt, countText, hex } from '@driftfarm/report'
import { counted, numberText } from '../../parts/format.ts'
import type { Shown } from './mapping.ts'
import { stateWords } from './PhaseMap.tsx'
import { shareIn, stateColors } from './paintMap.ts'

interface Props {
  readonly show: Shown
  readonly of: string
  readonly domain: readonly [number, number] | null
  readonly isLog: boolean
  readonly cells: CellsData
}

const steps = 32

export function ColorKey({ show, of, domain, isLog, cells }: Props) {
  if (show === 'state') {
    const counts = new Map(cellStates.map((cellState) => [cellState, 0]))
    for (const state of cells.state) counts.set(state, counts.get(state)! + 1)
    return (
      <ul className="key" aria-label="Colours">
        {cellStates
          .filter((cellState) => counts.get(cellState)! > 0)
          .map((cellState) => (
            <li key={cellState}>
              <span className="swatch" style={{ background: stateColors[cellState] }} /> {stateWords[cellState]}:{' '}
              {counted(counts.get(cellState)!)}
            </li>
          ))}
      </ul>
    )
  }
  const label = show === 'value' ? of : show === 'width' ? `interval width of ${of}` : 'trials'
  const unmet = cells.state.filter((state) => state !== 'met').length
  if (domain === null) return <p className="faint">Nothing to colour yet: {label} has no finite value in any cell.</p>
  const signs = unmet > 0 && (
    <span className="faint">
      hatched: target not reached ({countText(unmet, 'cell')}); ? doubtful, ! wrong, ✕ failed
    </span>
  )
  if (domain[0] === domain[1])
    return (
      <div className="key">
        <span className="swatch" style={{ background: hex(colorAt(shareIn(domain[0], domain, isLog))) }} />
        <span>
          {label}: {numberText(domain[0])} in every cell that has a value
        </span>
        {signs}
      </div>
    )
  return (
    <div className="key">
      <span>{label}</span> <span>{numberText(domain[0])}</span>
      <svg
        className="ramp"
        viewBox={`0 0 ${steps} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label} from ${numberText(domain[0])} to ${numberText(domain[1])}${isLog ? ', logarithmic' : ''}`}
      >
        {Array.from({ length: steps }, (_, at) => (
          <rect key={at} x={at} y="0" width="1.05" height="1" fill={hex(colorAt(at / (steps - 1)))} />
        ))}
      </svg>
      <span>{numberText(domain[1])}</span>
      {signs}
    </div>
  )
}
