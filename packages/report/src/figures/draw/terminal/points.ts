import type { Figure, Layer, LayerOf } from '../../figure.ts'
import { BrailleCanvas } from '../braille.ts'
import { markLetter } from '../paint.ts'
import { framed, marginOf, placerOf } from './axes.ts'
import { doubtSign, type Pen } from './pen.ts'

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
      for (const edge of ['low', 'high'] as const)
        canvas.path(
          layer.points.filter((p) => isSeen(p[edge])).map((p) => [across(p.x), rowOf(p[edge])]),
          series,
          3,
        )
    if (layer.type === 'line') {
      const every = layer.role === 'exact' ? 2 : 1
      canvas.path(
        layer.points.filter((p) => isSeen(p.y)).map((p) => [across(p.x), rowOf(p.y)]),
        series,
        every,
      )
    }
    if (layer.type === 'points') drawPoints(layer, series)
    if (layer.type === 'marks')
      for (const [place, mark] of layer.marks.entries()) canvas.put(across(mark.x), rowOf(mark.y), markLetter(place), 0)
  }

  function drawPoints({ points, joined }: LayerOf<'points'>, series: number): void {
    const drawn = points.filter((p) => isSeen(p.y))
    if (joined)
      canvas.path(
        drawn.map((p) => [across(p.x), rowOf(p.y)]),
        series,
        2,
      )
    for (const point of points) {
      const at = across(point.x)
      const low = isSeen(point.low) ? point.low : floor
      if (isSeen(point.high))
        canvas.path(
          [
            [at, rowOf(low)],
            [at, rowOf(point.high)],
          ],
          series,
          1,
        )
    }
    for (const point of points) {
      const seen = isSeen(point.y)
      const height = seen ? point.y : point.high
      if (!isSeen(height)) continue
      canvas.put(across(point.x), rowOf(height), seen ? doubtSign(point, pen.sign(series)) : arrow(pen), series)
    }
  }

  const rows = canvas.lines((text, series) => pen.series(text, series))
  return framed(rows, figure, columns, margin, placerOf(y, plotRows), pen)
}

const arrow = (pen: Pen): string => (pen.terminal.unicode ? '▼' : 'v')
