import { colorAt } from './colormap.ts'
import { bandOf, quantiles, sample } from './grid.ts'
import type { Surface } from './scene.ts'
import { markLetter, paintCode, reset, type Terminal } from './terminal.ts'
import { marginOf, withAxes } from './terminalAxes.ts'

/** Characters of increasing darkness, used where there are no colours. */
const ramp = ' .:-=+*#%@'
const largest = { columns: 72, rows: 27 }
const bands = 20

/**
 * A map of the loss for a terminal, as lines without line ends: with colours two pixels in each character, else one
 * character that is darker for a higher loss. Low losses are dark in colours, and blank without. Minima are marked 1,
 * 2, ...
 */
export function terminalSurface(surface: Surface, terminal: Terminal): readonly string[] {
  const [x, y] = surface.view
  const margin = marginOf(y, surface.axes[1])
  // A character is about twice as high as it is wide.
  const ratio = (y[1] - y[0]) / (x[1] - x[0]) / 2
  const room = Math.max(10, Math.min(largest.columns, terminal.width - margin - 2))
  // With an odd number of rows there is a middle one, which carries a number of the axis.
  const rows = Math.max(9, Math.min(largest.rows, 2 * Math.floor((room * ratio) / 2) + 1))
  const columns = Math.min(room, Math.max(20, Math.round(rows / ratio)))
  const body = terminal.colors === 'none' ? inked(surface, columns, rows) : colored(surface, columns, rows, terminal)
  return withAxes(body, columns, { x, y, labels: surface.axes, unicode: terminal.unicode })
}

/** The characters of the marks, by row * columns + column. */
function lettersOf({ marks, view: [x, y] }: Surface, columns: number, rows: number): ReadonlyMap<number, string> {
  const letters = new Map<number, string>()
  marks.forEach(({ at: [a, b] }, index) => {
    const column = Math.floor((columns * (a! - x[0])) / (x[1] - x[0]))
    const row = Math.floor((rows * (y[1] - b!)) / (y[1] - y[0]))
    if (column >= 0 && column < columns && row >= 0 && row < rows)
      letters.set(row * columns + column, markLetter(index))
  })
  return letters
}

function inked(surface: Surface, columns: number, rows: number): readonly string[] {
  const grid = sample(surface, columns, rows, 0.5)
  const levels = quantiles(grid, ramp.length)
  const letters = lettersOf(surface, columns, rows)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const value = grid.values[(rows - 1 - row) * columns + column]!
      return letters.get(row * columns + column) ?? ramp[bandOf(levels, value)]
    }).join(''),
  )
}

function colored(surface: Surface, columns: number, rows: number, { colors, unicode }: Terminal): readonly string[] {
  const tone = colors === 'none' ? '256' : colors
  const high = unicode ? 2 : 1
  const grid = sample(surface, columns, high * rows, 0.5)
  const levels = quantiles(grid, bands)
  const letters = lettersOf(surface, columns, rows)
  const shareAt = (row: number, column: number) =>
    bandOf(levels, grid.values[(high * rows - 1 - row) * columns + column]!) / Math.max(1, levels.length)
  return Array.from({ length: rows }, (_, row) => {
    const line = Array.from({ length: columns }, (_, column) => {
      const upper = shareAt(high * row, column)
      const lower = shareAt(high * row + high - 1, column)
      const letter = letters.get(row * columns + column)
      if (letter !== undefined)
        return `${paintCode(48, [255, 255, 255], tone)}${paintCode(38, [0, 0, 0], tone)}${letter}`
      const ground = paintCode(48, colorAt(lower), tone)
      return unicode ? `${paintCode(38, colorAt(upper), tone)}${ground}▀` : `${ground} `
    })
    return `${line.join('')}${reset}`
  })
}
