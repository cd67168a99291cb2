import type { Rgb } from './colormap.ts'

/** What a terminal can show. */
export interface Terminal {
  /** Width in columns. */
  readonly width: number
  readonly colors: 'none' | '256' | 'true'
  readonly unicode: boolean
}

export const reset = '\u001b[0m'

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

/** 1 .. 9, then a .. z. */
export function markLetter(index: number): string {
  return (index + 1).toString(36)[0] ?? '*'
}
