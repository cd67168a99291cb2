import type { Axis, Figure } from '../figure/figure.ts'
import { tickText } from '../format/digits.ts'
import { colorAt, palette, type Rgb, rgbOf } from '../scale/colors.ts'

const signs = ['●', '○', '▲', '△', '■', '□', '◆', '◇']
const asciiSigns = ['o', 'x', '+', '*', '#', '@', '%', '&']

/** In a map without colours, a character with more ink stands for a larger number. */
export const shades = ' .:-=+*#%@'

export class Pen {
  constructor(
    readonly terminal: Terminal,
    private readonly figure: Figure,
  ) {}

  seriesAt(name: string | null): number {
    return Math.max(0, name === null ? 0 : this.figure.series.indexOf(name))
  }

  sign(series: number): string {
    const from = this.terminal.unicode ? signs : asciiSigns
    return from[series % from.length]!
  }

  series(text: string, place: number): string {
    const { series } = palette.dark
    return this.fore(text, rgbOf(series[place % series.length]!))
  }

  fore(text: string, color: Rgb): string {
    const { colors } = this.terminal
    return colors === 'none' || text === '' ? text : `${paintCode(38, color, colors)}${text}${reset}`
  }

  ground(text: string, color: Rgb): string {
    const { colors } = this.terminal
    if (colors === 'none') return text
    const [red, green, blue] = color
    const isLight = 0.299 * red + 0.587 * green + 0.114 * blue > 140
    const fore = paintCode(38, isLight ? [0, 0, 0] : [255, 255, 255], colors)
    return `${paintCode(48, color, colors)}${fore}${text}${reset}`
  }
}

/** What a terminal can show. */
export interface Terminal {
  /** Width in columns. */
  readonly width: number
  readonly colors: 'none' | '256' | 'true'
  readonly unicode: boolean
}

const reset = '\u001b[0m'

/** 38 sets the colour of characters, 48 the colour of the background. */
export function paintCode(place: 38 | 48, color: Rgb, colors: '256' | 'true'): string {
  if (colors === 'true') return `\u001b[${place};2;${color.join(';')}m`
  return `\u001b[${place};5;${nearest256(color)}m`
}

/** Channel values of xterm's 6 x 6 x 6 colour cube, which begins at colour 16. */
const cube = [0, 95, 135, 175, 215, 255]

function nearest256(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const distances = cube.map((level) => Math.abs(level - channel))
    return distances.indexOf(Math.min(...distances))
  })
  return 16 + 36 * red! + 6 * green! + blue!
}

/** The colour scale of a map as one line: its label, its lowest number, the colours or shades, its highest number. */
export function rampLine(color: Axis, pen: Pen, signs = shades): string {
  const [low, high] = color.domain!
  const steps = 20
  const ramp =
    pen.terminal.colors === 'none'
      ? signs
      : Array.from({ length: steps }, (_, i) => pen.ground(' ', colorAt(i / (steps - 1), color))).join('')
  return `${color.label}: ${tickText(low)} ${ramp} ${tickText(high)}`
}
