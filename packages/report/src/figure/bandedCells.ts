import { type Params, sweptAxes } from '../axes/sweptAxes.ts'
import type { FigureOptions, Layer, LayerOf } from './figure.ts'
import { bandLayer, lineLayer } from './layer.ts'
import { rolesOf, seriesOf, varyingAxes } from './selectCells.ts'
import { cellText, placeText } from './words.ts'

interface BandedLine {
  readonly points: readonly { readonly x: number; readonly y: number; readonly low: number; readonly high: number }[]
  /** How the limits of the band were computed. */
  readonly method: string
}

/** A line with a band for each cell, with the series that distinguish the cells. */
export function bandedCells<Cell extends { readonly index: number; readonly params: Params }>(
  cells: readonly Cell[],
  options: FigureOptions,
  lineOf: (cell: Cell) => BandedLine,
) {
  const axes = sweptAxes(cells)
  const { by } = rolesOf(axes, ['by'], options, cells).roles
  const series = by === undefined || cells.length === 1 ? null : seriesOf(by, cells)
  const names = cells.map(({ params }) => series?.find(({ has }) => has(params))?.name ?? null)
  const isUnique = new Set(names).size === names.length
  const labels = isUnique ? names : cells.map((cell) => placeText(varyingAxes(axes), cell.params))
  const layers = cells.flatMap((cell, at): Layer[] => {
    const text = cellText(axes, cell)
    const { points, method } = lineOf(cell)
    const band: LayerOf<'band'>['points'] = points
      .filter(({ low, high }) => Number.isFinite(high - low))
      .map(({ x, low, high }) => ({ x, low, high }))
    return [
      bandLayer(labels[at]!, 'interval', band, `${text} · ${method}`),
      lineLayer(
        labels[at]!,
        'estimate',
        points.map(({ x, y }) => ({ x, y })),
        text,
      ),
    ]
  })
  return {
    seriesTitle: series === null ? null : isUnique ? by!.title : 'cell',
    series: labels.flatMap((name) => (name === null ? [] : [name])),
    layers,
  }
}
