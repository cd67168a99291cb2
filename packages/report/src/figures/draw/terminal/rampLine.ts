import type { Axis } from '../../figure.ts'
import { colorAt } from '../colormap.ts'
import { tickText } from '../ticks.ts'
import { type Pen, shades } from './pen.ts'

/** The colour scale of a map as one line: its label, its lowest number, the colours or shades, its highest number. */
export function rampLine(color: Axis, pen: Pen, signs = shades): string {
  const [low, high] = color.domain!
  const steps = 20
  const ramp =
    pen.terminal.colors === 'none'
      ? signs
      : Array.from({ length: steps }, (_, i) => pen.ground(' ', colorAt(i / (steps - 1)))).join('')
  return `${color.label}: ${tickText(low)} ${ramp} ${tickText(high)}`
}
