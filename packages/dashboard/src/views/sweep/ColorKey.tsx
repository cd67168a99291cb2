import { cellStates, colorAt, countText, hex, labelledTicks, numberAxis, unitsOf } from '@driftfarm/report'
import type { ReactNode } from 'react'
import { counted, numberText } from '../../parts/format.ts'
import { rangeText, shownName, stateWords } from './cellWords.ts'
import { numberOf } from './mapping.ts'
import type { MapView } from './mapView.ts'
import { type MapContents, shareIn, stateColors, zeroColor } from './paintMap.ts'

/** Says what the colours, the hatching and the lines of a map mean. */
export function ColorKey({ show, of, label, domain, isLog, cells, level }: MapView & MapContents) {
  const values = cells.index.map((_, at) => numberOf(cells, at, show, of))
  const count = (fits: (value: number | null, at: number) => boolean): number => values.filter(fits).length
  if (show === 'state') {
    const shown = cellStates.filter((state) => cells.state.includes(state))
    return (
      <ul className="key" aria-label="Colours">
        {shown.map((state) => (
          <Swatch key={state} color={stateColors[state]}>
            {stateWords[state]}: {counted(count((_, at) => cells.state[at] === state))}
          </Swatch>
        ))}
      </ul>
    )
  }
  const name = shownName({ show, label })
  const missing = count((value) => value === null)
  const unmet = count((value, at) => value !== null && cells.state[at] !== 'met')
  const trials = values.flatMap((value, at) =>
    isLog && value !== null && value <= 0 ? [Number(cells.trials[at])] : [],
  )
  if (missing === values.length)
    return <p className="faint">Nothing to colour yet: {name} has no finite value in any cell.</p>
  return (
    <ul className="key" aria-label="Colours">
      {domain !== null && <Ramp name={name} domain={domain} isLog={isLog} />}
      {trials.length > 0 && (
        <Swatch color={zeroColor}>
          0 {show === 'value' && `of ${rangeText(trials)} ${unitsOf(cells.sweep.method)}`} (
          {countText(trials.length, 'cell')})
        </Swatch>
      )}
      {missing > 0 && <Swatch color="var(--figure-missing)">no value yet ({countText(missing, 'cell')})</Swatch>}
      {level !== null && (
        <li className="faint">
          line: {label} = {level}, interpolated between cells; dashed where an interval contains {level}; broken where a
          cell has no value
        </li>
      )}
      {(unmet > 0 || cells.doubt.some((doubt) => doubt !== null)) && (
        <li className="faint">
          {unmet > 0 && `hatched: unfinished or unmet (${countText(unmet, 'cell')}); `}? doubtful, ! wrong, ✕ failed
        </li>
      )}
    </ul>
  )
}

const Swatch = ({ color, children }: { readonly color: string; readonly children: ReactNode }) => (
  <li>
    <span className="swatch" style={{ background: color }} /> {children}
  </li>
)

const colors = Array.from({ length: 33 }, (_, at) => hex(colorAt(at / 32))).join(', ')

type RampProps = Pick<MapView, 'isLog'> & { readonly name: string; readonly domain: readonly [number, number] }

function Ramp({ name, domain, isLog }: RampProps) {
  const [low, high] = domain.map(numberText)
  if (domain[0] === domain[1])
    return (
      <Swatch color={hex(colorAt(shareIn(domain[0], domain, isLog)))}>
        {name}: {low} in every cell that has a {isLog ? 'positive ' : ''}value
      </Swatch>
    )
  const ticks = labelledTicks(numberAxis(name, domain, { scale: isLog ? 'log' : 'linear' }), 5)
  const text = `${name} from ${low} to ${high}${isLog ? ', logarithmic' : ''}`
  return (
    <li className="ramp-ticks">
      {name} {ticks[0]!.at > 0.01 && low}
      <span className="ramp" role="img" aria-label={text} style={{ background: `linear-gradient(90deg, ${colors})` }}>
        {ticks.map(({ at, text }) => (
          <span key={at} aria-hidden="true" style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </span>
      {ticks.at(-1)!.at < 0.99 && high}
    </li>
  )
}
