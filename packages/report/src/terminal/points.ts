import { doubtSign } from '../document/findings.ts'
import { type Figure, heightOf, type Layer, type LayerOf, type Point } from '../figure/figure.ts'
import { markLetter } from '../format/label.ts'
import { framed, marginOf, placerOf } from './axes.ts'
import type { Pen } from './pen.ts'

const plotRows = 18

export function plotOf(figure: Figure, width: number, pen: Pen): readonly string[] {
  const { x, y } = figure
  const margin = marginOf(y, 5)
  const columns = width - margin - 2
  const canvas = new BrailleCanvas(columns, plotRows, pen.terminal.unicode)
  const across = placerOf(x, columns * canvas.across)
  const up = placerOf(y, plotRows * canvas.down)
  const rowOf = (value: number) => plotRows * canvas.down - 1 - up(value)
  const isSeen = (value: number | null): value is number => value !== null && (y.scale !== 'log' || value > 0)
  const floor = y.domain![0]
  for (const layer of figure.layers) drawLayer(layer)

  function drawLayer(layer: Layer): void {
    const series = 'series' in layer ? pen.seriesAt(layer.series) : 0
    if (layer.type === 'band' && layer.role !== 'simultaneous')
      for (const edge of ['low', 'high'] as const) {
        const points = layer.points.map((point) => ({ x: point.x, y: point[edge] }))
        drawPath(points, series, 3)
      }
    if (layer.type === 'line') drawPath(layer.points, series, layer.role === 'exact' ? 2 : 1)
    if (layer.type === 'points') drawPoints(layer, series)
    if (layer.type === 'marks')
      for (const [place, mark] of layer.marks.entries()) canvas.put(across(mark.x), rowOf(mark.y), markLetter(place), 0)
  }

  function drawPath(points: LayerOf<'line'>['points'], series: number, every: number): void {
    const seen = points.filter(({ y }) => isSeen(y)).map(({ x, y }) => [across(x), rowOf(y)] as const)
    canvas.path(seen, series, every)
  }

  function drawPoints({ points, joined }: LayerOf<'points'>, series: number): void {
    if (joined) drawPath(points, series, 2)
    for (const { x, low, high } of points) {
      const from = { x, y: isSeen(low) ? low : floor }
      const end = high ?? (low === null ? null : y.domain![1])
      if (isSeen(end)) drawPath([from, { x, y: end }], series, 1)
    }
    for (const point of points) {
      const height = isSeen(point.y) ? heightOf(point) : point.high
      if (!isSeen(height)) continue
      const isLimit = point.limit !== null || !isSeen(point.y)
      const sign = isLimit ? arrow(point.limit, pen) : doubtSign(point.doubt, pen.sign(series))
      canvas.put(across(point.x), rowOf(height), sign, series)
    }
  }

  const rows = canvas.lines((text, series) => pen.series(text, series))
  return framed(rows, figure, columns, margin, placerOf(y, plotRows), pen)
}

function arrow(limit: Point['limit'], { terminal: { unicode } }: Pen): string {
  if (limit === 'lower') return unicode ? '↑' : '^'
  return unicode ? '↓' : 'v'
}

/** Bits of the dots of a braille character, by column and row; U+2800 has no dots. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/**
 * Lines and signs on a grid of characters. With Unicode, each character has eight dots. With ASCII, each character has
 * one dot, drawn as `.`.
 */
export class BrailleCanvas {
  /** Number of dots across and down in one character. */
  readonly across: number
  readonly down: number
  readonly #bits: Uint8Array
  readonly #series: Int16Array
  readonly #signs = new Map<number, string>()

  constructor(
    private readonly columns: number,
    private readonly rows: number,
    private readonly unicode: boolean,
  ) {
    this.across = unicode ? 2 : 1
    this.down = unicode ? 4 : 1
    this.#bits = new Uint8Array(columns * rows)
    this.#series = new Int16Array(columns * rows)
  }

  /** A point is a column and a row of the grid of dots. If `every` is n, only every n-th dot is set. */
  path(points: readonly (readonly [number, number])[], series: number, every: number): void {
    let count = 0
    const dot = (x: number, y: number): void => {
      if (count++ % every === 0) this.#dot(Math.round(x), Math.round(y), series)
    }
    for (const [at, [x, y]] of points.entries()) {
      const [a, b] = points[at - 1] ?? [x, y]
      const steps = Math.max(1, Math.abs(x - a), Math.abs(y - b))
      for (let i = 1; i <= steps; i++) dot(a + ((x - a) * i) / steps, b + ((y - b) * i) / steps)
    }
  }

  put(x: number, y: number, sign: string, series: number): void {
    const place = this.#placeOf(x, y)
    if (place === null) return
    this.#signs.set(place, sign)
    this.#series[place] = series
  }

  lines(paint: (text: string, series: number) => string): readonly string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const parts: { text: string; series: number | null }[] = []
      for (let column = 0; column < this.columns; column++) {
        const place = row * this.columns + column
        const text = this.#textAt(place)
        const series = text === ' ' ? null : this.#series[place]!
        const last = parts.at(-1)
        if (last !== undefined && last.series === series) last.text += text
        else parts.push({ text, series })
      }
      return parts.map(({ text, series }) => (series === null ? text : paint(text, series))).join('')
    })
  }

  #textAt(place: number): string {
    const sign = this.#signs.get(place)
    if (sign !== undefined) return sign
    const bits = this.#bits[place]!
    if (bits === 0) return ' '
    return this.unicode ? String.fromCodePoint(0x2800 + bits) : '.'
  }

  #placeOf(x: number, y: number): number | null {
    const [column, row] = [Math.floor(x / this.across), Math.floor(y / this.down)]
    return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? null : row * this.columns + column
  }

  #dot(x: number, y: number, series: number): void {
    const place = this.#placeOf(x, y)
    if (place === null) return
    this.#bits[place]! |= this.unicode ? dots[x % 2]![y % 4]! : 1
    this.#series[place] = series
  }
}
