import type { Figure, Layer } from './figure/figure.ts'
import { csvLine } from './format/csv.ts'

const columns = ['panel', 'layer', 'series', 'cell', 'x', 'y', 'value', 'low', 'high'] as const
type Row = Partial<Record<(typeof columns)[number], string | number | null | undefined>>

/**
 * The numbers of a figure as CSV, one row for each point, tile, or part of a bar. Columns have the names of the axes:
 * a swept path, or the quantity. A column that no row has is left out, and a missing number is an empty field.
 */
export function figureCsv({ layers, panels, x, y, color, of }: Figure): string {
  const rowsIn = (all: Figure['layers']) => all.flatMap((layer) => rowsOf(layer, x.domain, y.domain))
  const inPanels = panels.flatMap(({ title, layers }) => rowsIn(layers).map((row) => ({ ...row, panel: title })))
  const rows: readonly Row[] = [...rowsIn(layers), ...inPanels]
  const limit = (side: string) => (of === null ? side : `${of} ${side}`)
  const names: Partial<Record<(typeof columns)[number], string>> = {
    x: (x.path ?? x.label) || 'x',
    y: (y.path ?? y.label) || 'y',
    value: color?.label ?? 'value',
    low: limit('low'),
    high: limit('high'),
  }
  const used = columns.filter((column) => rows.some((row) => row[column] !== undefined))
  const lines = rows.map((row) => csvLine(used.map((column) => row[column] ?? '')))
  return csvLine(used.map((column) => names[column] ?? column)) + lines.join('')
}

type Domain = readonly [number, number] | null

function rowsOf(layer: Layer, x: Domain, y: Domain): readonly Row[] {
  const { type } = layer
  if (type === 'marks') return layer.marks.map((mark) => ({ layer: 'mark', series: mark.name, x: mark.x, y: mark.y }))
  if (type === 'contour')
    return layer.pieces.flatMap(({ x1, y1, x2, y2 }) =>
      [[x1, y1] as const, [x2, y2] as const].map(([x, y]) => ({ layer: type, x, y })),
    )
  if (type === 'tiles' || type === 'scatter')
    return (type === 'tiles' ? layer.tiles : layer.points).map((tile) => ({ ...tile, layer: tile.state }))
  if (type === 'bars')
    return layer.bars.flatMap(({ cell, x: at, parts }) =>
      parts.map(({ part, value: y, low, high }) => ({ layer: 'share', series: part, cell, x: at, y, low, high })),
    )
  if (type === 'start') return [{ layer: type, x: layer.x, y: layer.y }]
  if (type === 'surface' || type === 'escapes') {
    const { columns, rows, values } = layer
    const at = ([from, to]: readonly [number, number], share: number) => from + (to - from) * share
    return values.map((value, i) => ({
      layer: type === 'surface' ? type : 'escape set',
      // Values of a map are those at the centres of its pixels.
      x: at(x!, rows === 1 ? i / (columns - 1) : ((i % columns) + 0.5) / columns),
      y: rows > 1 ? at(y!, (Math.floor(i / columns) + 0.5) / rows) : undefined,
      value,
    }))
  }
  const name = type === 'points' ? 'estimate' : layer.role
  return layer.points.map((point) => ({ ...point, layer: name, series: layer.series ?? undefined }))
}
