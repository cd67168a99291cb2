import { cellStates, colorAt, countText, hex, labelledTicks, numberAxis } from '@driftfarm/report'
import { counted, numberText } from '../../parts/format.ts'
import { stateWords } from './cellWords.ts'
import { numberOf } from './mapping.ts'
import { type MapContents, shareIn, stateColors, zeroColor } from './paintMap.ts'

const steps = 32

interface ColorKeyProps extends MapContents {
  /** The name of the estimate, such as `P(escape)`. */
  readonly label: string
  /** The value of the contour line; null for none. */
  readonly level: number | null
}

/** Says what the colours, the hatching and the lines of a map mean. */
export function ColorKey({ show, of, label, domain, isLog, cells, level }: ColorKeyProps) {
  if (show === 'state') {
    const count = (state: (typeof cellStates)[number]) => cells.state.filter((each) => each === state).length
    const shown = cellStates.map((state) => [state, count(state)] as const).filter(([, cells]) => cells > 0)
    return (
      <ul className="key" aria-label="Colours">
        {shown.map(([state, cells]) => (
          <li key={state}>
            <span className="swatch" style={{ background: stateColors[state] }} /> {stateWords[state]}: {counted(cells)}
          </li>
        ))}
      </ul>
    )
  }
  const name = show === 'value' ? label : show === 'width' ? `interval width of ${label}` : 'trials'
  const values = cells.index.map((_, at) => numberOf(cells, at, show, of))
  const zeros = isLog ? values.flatMap((value, at) => (value !== null && value <= 0 ? [at] : [])) : []
  const missing = values.filter((value) => value === null).length
  const unmet = cells.state.filter((state, at) => state !== 'met' && values[at] !== null).length
  if (missing === values.length)
    return <p className="faint">Nothing to colour yet: {name} has no finite value in any cell.</p>
  return (
    <div className="key">
      {domain !== null && <Ramp name={name} domain={domain} isLog={isLog} />}
      {zeros.length > 0 && (
        <span>
          <span className="swatch swatch-edge" style={{ background: zeroColor }} />{' '}
          {show === 'value' ? `0 of ${trialsText(zeros.map((at) => Number(cells.trials[at])))} trials` : '0'} (
          {countText(zeros.length, 'cell')})
        </span>
      )}
      {missing > 0 && (
        <span>
          <span className="swatch swatch-missing" /> no value yet ({countText(missing, 'cell')})
        </span>
      )}
      {level !== null && (
        <span className="faint">
          line: {label} = {level}; dashed where an interval contains {level}; broken where a cell has no value
        </span>
      )}
      {(unmet > 0 || cells.doubt.some((doubt) => doubt !== null)) && (
        <span className="faint">
          {unmet > 0 && `hatched: target not reached (${countText(unmet, 'cell')}); `}? doubtful, ! wrong, ✕ failed
        </span>
      )}
    </div>
  )
}

function trialsText(trials: readonly number[]): string {
  const [least, most] = [trials.reduce((a, b) => Math.min(a, b)), trials.reduce((a, b) => Math.max(a, b))]
  return least === most ? counted(least) : `${counted(least)} to ${counted(most)}`
}

type RampProps = Pick<ColorKeyProps, 'isLog'> & { readonly name: string; readonly domain: readonly [number, number] }

function Ramp({ name, domain, isLog }: RampProps) {
  const [low, high] = domain
  if (low === high)
    return (
      <span>
        <span className="swatch" style={{ background: hex(colorAt(shareIn(low, domain, isLog))) }} /> {name}:{' '}
        {numberText(low)} in every cell that has a {isLog ? 'positive ' : ''}value
      </span>
    )
  const ticks = labelledTicks(numberAxis(name, domain, { scale: isLog ? 'log' : 'linear' }), 5)
  const [smallest, largest] = [numberText(low), numberText(high)]
  return (
    <>
      <span>{name}</span>
      {ticks[0]!.at > 0.01 && (
        <span title={isLog ? 'the smallest positive value of a cell' : undefined}>{smallest}</span>
      )}
      <span className="ramp-ticks">
        <svg
          className="ramp"
          viewBox={`0 0 ${steps} 1`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${name} from ${smallest} to ${largest}${isLog ? ', logarithmic' : ''}`}
        >
          {Array.from({ length: steps }, (_, at) => (
            <rect key={at} x={at} y="0" width="1.05" height="1" fill={hex(colorAt(at / (steps - 1)))} />
          ))}
        </svg>
        {ticks.map(({ at, text }) => (
          <span key={at} aria-hidden="true" style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </span>
      {ticks.at(-1)!.at < 0.99 && <span>{largest}</span>}
    </>
  )
}
