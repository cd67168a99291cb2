import type { Range } from '../../compute/playSpec.ts'
import { numberText } from '../../parts/format.ts'

/** Few enough that each press of a key changes the first three digits of the value. */
const places = 100

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly range: Range
  change(value: number): void
}

/** A slider with a logarithmic scale, because small values matter as much as large ones. */
export function Slider({ label, value, range: { least, most }, change }: SliderProps) {
  const id = label.replace(/\W+/g, '-')
  const place = Math.round((Math.log(value / least) / Math.log(most / least)) * places)
  return (
    <span className="field slider">
      <label htmlFor={id}>
        {label} <output htmlFor={id}>{numberText(value)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={places}
        value={place}
        aria-valuetext={numberText(value)}
        onChange={(event) =>
          change(Number((least * (most / least) ** (Number(event.target.value) / places)).toPrecision(3)))
        }
      />
    </span>
  )
}
