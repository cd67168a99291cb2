import type { Axis } from '../../figure.ts'
import { colorAt } from '../colormap.ts'
import { tickText } from '../ticks.ts'
import { type Pen, shades } from './pen.ts'

/** The scale of colours, or of shades, with the numbers at its ends. */
export function rampLine(color: Axis, pen: Pen, signs = shades): string {
  const [low, high] = color.domain!
  const steps = 20
  const ramp =
    pen.terminal.colors === 'none'
      ? signs
      : Array.from({ length: steps }, (_, i) => pen.ground(' ', colorAt(i / (steps - 1)))).join('')
  return `${color.label}: ${tickText(low)} ${ramp} ${tickText(high)}`
}
