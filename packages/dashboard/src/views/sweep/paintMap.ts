import { type CellsData, colorAt, hex } from '@driftfarm/report'
import { numberOf, type Shown } from './mapping.ts'

/** What the colours of a map show. */
export interface MapContents {
  readonly cells: CellsData
  readonly show: Shown
  readonly of: string
  /** The numbers at the two ends of the colours; null if nothing can be coloured. */
  readonly domain: readonly [number, number] | null
  readonly isLog: boolean
}

export const stateColors = {
  waiting: '#9a9aa5',
  running: '#0072b2',
  open: '#56b4e9',
  met: '#009e73',
  max: '#d55e00',
  failed: '#8b1a1a',
} as const

/** The colour of 0 on a logarithmic scale, as in figures. */
export const zeroColor = '#ffffff'

/** The position of a number on the colour scale, from 0 to 1. */
export function shareIn(value: number, [low, high]: readonly [number, number], isLog: boolean): number {
  if (high <= low) return value === 0 ? 0 : 0.5
  return isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

const shades = Array.from({ length: 256 }, (_, at) => hex(colorAt(at / 255)))

const signs = ['', '?', '!', '✕'] as const

/** How a cell looks, as one number: its colour, and above the colours the hatching and the sign. 0: no cell. */
const hatched = 1 << 10
const signUnit = 1 << 11

const others = { none: 1, missing: 2, zero: 3 } as const
const stateNames = Object.keys(stateColors) as (keyof typeof stateColors)[]
const firstState = 4
const firstShade = firstState + stateNames.length

/** For each place of a grid, a number that says how its cell looks. Only places with a new number need new paint. */
export function looksOf({ cells, show, of, domain, isLog }: MapContents, grid: Int32Array): Int32Array {
  return grid.map((at) => {
    if (at < 0) return others.none
    const state = cells.state[at]!
    const doubt = cells.doubt[at]
    const sign = state === 'failed' ? 3 : doubt === null || show === 'state' ? 0 : doubt === 'wrong' ? 2 : 1
    if (show === 'state') {
      // Hatching marks cells that have started but not finished. The hatching does not depend on the progress, because
      // the progress of a cell with a stopping rule is unknown.
      const isOpen = state === 'open' || state === 'running'
      return firstState + stateNames.indexOf(state) + (isOpen ? hatched : 0) + sign * signUnit
    }
    const value = numberOf(cells, at, show, of)
    if (value === null || domain === null || !Number.isFinite(value)) return others.missing + sign * signUnit
    const share = isLog && value <= 0 ? null : Math.max(0, Math.min(1, shareIn(value, domain, isLog)))
    const color = share === null ? others.zero : firstShade + Math.round(share * 255)
    return color + (state === 'met' ? 0 : hatched) + sign * signUnit
  })
}

interface Painting {
  readonly columns: number
  /** Width and height of a cell in pixels of the screen. They are whole numbers, so that no cell is blurred. */
  readonly width: number
  readonly height: number
  readonly colors: { readonly paper: string; readonly line: string; readonly missing: string }
  /** The lines of hatched cells. */
  readonly hatching: CanvasPattern | string
}

/** Paints the places that look different than `before`; all places if `before` is null. Returns their number. */
export function paintChanges(
  canvas: CanvasRenderingContext2D,
  before: Int32Array | null,
  looks: Int32Array,
  { columns, width, height, colors, hatching }: Painting,
): number {
  const rows = looks.length / columns
  const gap = Math.min(width, height) >= 8 ? 1 : 0
  const fixed = [colors.paper, colors.paper, colors.missing, zeroColor, ...Object.values(stateColors)]
  if (before === null) {
    // The gaps between the cells.
    canvas.fillStyle = colors.line
    canvas.fillRect(0, 0, columns * width, rows * height)
  }
  let painted = 0
  for (let place = 0; place < looks.length; place++) {
    const look = looks[place]!
    if (before !== null && before[place] === look) continue
    painted++
    const [x, y] = [(place % columns) * width, (rows - 1 - Math.floor(place / columns)) * height]
    const color = look & (hatched - 1)
    canvas.fillStyle = fixed[color] ?? shades[color - firstShade]!
    canvas.fillRect(x, y, width - gap, height - gap)
    if ((look & hatched) !== 0) {
      canvas.fillStyle = hatching
      canvas.fillRect(x, y, width - gap, height - gap)
    }
    const size = Math.min(28, width - 2, height - 2)
    const sign = signs[Math.floor(look / signUnit)]!
    if (sign === '' || size < 7) continue
    canvas.font = `bold ${size}px system-ui, sans-serif`
    canvas.textAlign = 'center'
    canvas.textBaseline = 'middle'
    canvas.lineWidth = 3
    canvas.strokeStyle = '#000'
    canvas.strokeText(sign, x + width / 2, y + height / 2)
    canvas.fillStyle = '#fff'
    canvas.fillText(sign, x + width / 2, y + height / 2)
  }
  return painted
}

/**
 * Diagonal lines that continue from cell to cell, because a pattern begins at the corner of the canvas. Lines that
 * begin in each cell would make a pattern of their own where cells are small. White lines beside black ones are
 * visible on every colour.
 */
export function hatchingOf(context: CanvasRenderingContext2D, density: number): CanvasPattern | string {
  const side = Math.round(6 * density)
  const tile = document.createElement('canvas')
  tile.width = side
  tile.height = side
  const pen = tile.getContext('2d')
  if (pen === null) return 'transparent'
  pen.strokeStyle = '#fff'
  Object.assign(pen, { shadowColor: '#000', shadowOffsetX: 1.4 * density })
  pen.globalAlpha = 0.6
  pen.lineWidth = density
  for (const from of [-side, 0, side]) {
    pen.moveTo(from - 1, side + 1)
    pen.lineTo(from + side + 1, -1)
  }
  pen.stroke()
  return context.createPattern(tile, 'repeat') ?? 'transparent'
}
