import type { Figure, Layer } from './figure/figure.ts'
import { csvLine } from './format/csv.ts'

const columns = ['layer', 'series', 'cell', 'x', 'y', 'value', 'low', 'high'] as const
type Row = Partial<Record<(typeof columns)[number], string | number | null>>

/**
 * The numbers of a figure as CSV, one row for each point, tile, or part of a bar. `value` has the limits `low` and
 * `high`. `y` is empty where the vertical axis shows the value. A missing number is an empty field.
 */
export function figureCsv({ layers, x, y }: Figure): string {
  const rows = layers.flatMap((layer) => rowsOf(layer, x.domain, y.domain))
  const lines = rows.map((row) => csvLine(columns.map((name) => row[name] ?? '')))
  return csvLine(columns) + lines.join('')
}

type Domain = readonly [number, number] | null

function rowsOf(layer: Layer, x: Domain, y: Domain): readonly Row[] {
  const { type } = layer
  if (type === 'marks') return layer.marks.map((mark) => ({ layer: 'mark', series: mark.name, x: mark.x, y: mark.y }))
  if (type === 'tiles' || type === 'scatter')
    return (type === 'tiles' ? layer.tiles : layer.points).map((tile) => ({ ...tile, layer: tile.state }))
  if (type === 'bars')
    return layer.bars.flatMap(({ cell, x: at, parts }) =>
      parts.map(({ part, ...share }) => ({ ...share, layer: 'share', series: part, cell, x: at })),
    )
  if (type === 'start') return [{ layer: type, x: layer.x, y: layer.y }]
  if (type === 'surface' || type === 'escapes') {
    const { columns, rows, values } = layer
    const at = ([from, to]: readonly [number, number], share: number) => from + (to - from) * share
    return values.map((value, i) => ({
      layer: type === 'surface' ? type : 'escape set',
      // Values of a map are those at the centres of its pixels.
      x: at(x!, rows === 1 ? i / (columns - 1) : ((i % columns) + 0.5) / columns),
      y: rows === 1 ? null : at(y!, (Math.floor(i / columns) + 0.5) / rows),
      value,
    }))
  }
  const { series } = layer
  if (type === 'band') return layer.points.map((point) => ({ ...point, layer: layer.role, series }))
  const name = type === 'line' ? layer.role : 'estimate'
  return layer.points.map((point) => ({ ...point, layer: name, series, value: point.y, y: null }))
}
