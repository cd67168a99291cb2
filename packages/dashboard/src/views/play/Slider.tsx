import type { Range } from '../../compute/playSpec.ts'
import { numberText } from '../../parts/format.ts'

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly range: Range
  change(value: number): void
}

/** A slider with a logarithmic scale, because small values matter as much as large ones. */
export function Slider({ label, value, range: { least, most }, change }: SliderProps) {
  const id = label.replace(/\W+/g, '-')
  const place = Math.round((Math.log(value / least) / Math.log(most / least)) * 1000)
  return (
    <span className="field slider">
      <label htmlFor={id}>
        {label} <output htmlFor={id}>{numberText(value)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={1000}
        value={place}
        aria-valuetext={numberText(value)}
        onChange={(event) =>
          change(Number((least * (most / least) ** (Number(event.target.value) / 1000)).toPrecision(3)))
        }
      />
    </span>
  )
}
