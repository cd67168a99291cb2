import type { Figure, Point } from '../../figure.ts'
import type { Rgb } from '../colormap.ts'
import { paintCode, reset, type Terminal } from '../paint.ts'
import { palette } from '../theme.ts'

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

  bold(text: string): string {
    return this.terminal.colors === 'none' ? text : `\u001b[1m${text}${reset}`
  }

  dim(text: string): string {
    return this.terminal.colors === 'none' ? text : `\u001b[2m${text}${reset}`
  }
}

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb

export const doubtSign = ({ doubt }: Pick<Point, 'doubt'>, sign: string): string =>
  doubt === 'wrong' ? '!' : doubt === 'doubtful' ? '?' : sign
