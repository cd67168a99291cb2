import { type CellsData, colorAt, hex } from '@driftfarm/report'
import type { useFigureColors } from '../../parts/theme.ts'
import { type Mapped, numberOf, type Shown } from './mapping.ts'

/** What a map shows. */
export interface MapContents {
  readonly cells: CellsData
  readonly map: Mapped
  readonly show: Shown
  readonly of: string
  readonly domain: readonly [number, number] | null
  readonly isLog: boolean
}

interface Painting extends MapContents {
  readonly colors: ReturnType<typeof useFigureColors>
  /** Size of the whole picture in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Grid position of the cell under the cursor; null if the cursor is on no cell. */
  readonly cursor: number | null
}

export const stateColors = {
  waiting: '#9a9aa5',
  running: '#0072b2',
  open: '#56b4e9',
  met: '#009e73',
  max: '#d55e00',
  failed: '#8b1a1a',
} as const

/** The position of a number on the colour scale, from 0 to 1. */
export function shareIn(value: number, [low, high]: readonly [number, number], isLog: boolean): number {
  if (high <= low) return value === 0 ? 0 : 0.5
  if (!isLog) return (value - low) / (high - low)
  const floor = low > 0 ? low : high / 1e6
  return Math.max(0, Math.log(Math.max(value, floor) / floor) / Math.log(high / floor))
}

export function paintMap(canvas: CanvasRenderingContext2D, painting: Painting): void {
  const { cells, map, show, of, domain, isLog, colors, width, height, cursor } = painting
  const [columns, rows] = [map.xs.length, map.ys.length]
  const [wide, high] = [width / columns, height / rows]
  const gap = Math.min(wide, high) > 6 ? 1 : 0
  canvas.fillStyle = colors.paper
  canvas.fillRect(0, 0, width, height)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = map.grid[row * columns + column]!
      const [x, y] = [column * wide, height - (row + 1) * high]
      const box = [x + gap / 2, y + gap / 2, wide - gap, high - gap] as const
      if (at < 0) continue
      const state = cells.state[at]!
      if (show === 'state') {
        canvas.fillStyle = stateColors[state]
        canvas.fillRect(...box)
        if (state === 'open' || state === 'running') {
          // Hatching marks cells that have started but not finished. The hatching does not depend on the progress,
          // because the progress of a cell with a stopping rule is unknown.
          canvas.globalAlpha = 0.35
          hatch(canvas, box, colors.paper)
          canvas.globalAlpha = 1
        }
      } else {
        const value = numberOf(cells, at, show, of)
        if (value === null || domain === null) {
          canvas.strokeStyle = state === 'failed' ? stateColors.failed : colors.line
          canvas.strokeRect(x + 1, y + 1, Math.max(0, wide - 2), Math.max(0, high - 2))
        } else {
          canvas.fillStyle = hex(colorAt(shareIn(value, domain, isLog)))
          canvas.fillRect(...box)
          if (state !== 'met') hatch(canvas, box, colors.paper)
        }
      }
      if (state === 'failed') sign(canvas, '✕', box, '#fff')
      else if (cells.doubt[at] !== null && show !== 'state')
        sign(canvas, cells.doubt[at] === 'wrong' ? '!' : '?', box, '#fff')
    }
  if (cursor === null) return
  const [column, row] = [cursor % columns, Math.floor(cursor / columns)]
  canvas.lineWidth = 2
  canvas.strokeStyle = colors.ink
  canvas.strokeRect(column * wide + 1, height - (row + 1) * high + 1, Math.max(2, wide - 2), Math.max(2, high - 2))
  canvas.lineWidth = 1
}

type Box = readonly [x: number, y: number, width: number, height: number]

function hatch(canvas: CanvasRenderingContext2D, [x, y, width, height]: Box, color: string): void {
  if (width < 4 || height < 4) return
  canvas.save()
  canvas.beginPath()
  canvas.rect(x, y, width, height)
  canvas.clip()
  canvas.strokeStyle = color
  canvas.globalAlpha *= 0.55
  canvas.beginPath()
  const step = 6
  for (let at = -height; at < width; at += step) {
    canvas.moveTo(x + at, y + height)
    canvas.lineTo(x + at + height, y)
  }
  canvas.stroke()
  canvas.restore()
}

function sign(canvas: CanvasRenderingContext2D, text: string, [x, y, width, height]: Box, color: string): void {
  const size = Math.min(14, width - 2, height - 2)
  if (size < 7) return
  canvas.font = `bold ${size}px system-ui, sans-serif`
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.lineWidth = 3
  canvas.strokeStyle = '#000'
  canvas.strokeText(text, x + width / 2, y + height / 2)
  canvas.fillStyle = color
  canvas.fillText(text, x + width / 2, y + height / 2)
  canvas.lineWidth = 1
}
