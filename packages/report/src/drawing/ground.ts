import * as Plot from '@observablehq/plot'
import type { Figure, LayerOf } from '../figure/figure.ts'
import { tickFormat } from '../format/digits.ts'
import { colorAt, hex, ink, paper } from '../scale/colors.ts'
import { quantiles } from '../scale/ticks.ts'
import { escapeColor, escapeFills } from './legend.ts'
import { escaped, round, widthOfText } from './measure.ts'

/** More colours could not be distinguished. */
const bands = 20

type Ranges = Readonly<Record<'x' | 'y', readonly [low: number, high: number]>>

/** Where a grid of values is drawn, for `Plot.contour`. */
const gridOf = ({ columns, rows }: LayerOf<'surface' | 'escapes'>, { x: [x1, x2], y: [y1, y2] }: Ranges) => ({
  width: columns,
  height: rows,
  ...{ x1, x2, y1, y2 },
})

const contour = (values: readonly number[], options: object): Plot.Markish =>
  Plot.contour(values, options as unknown as Plot.ContourOptions)

export function surfaceMarks(layer: LayerOf<'surface'>, ranges: Ranges): Plot.Markish[] {
  const levels = quantiles(layer.values, bands)
  const high = levels.at(-1) ?? 0
  const filled = layer.values.map((value) => value ?? Math.abs(high) * 10 + 1)
  const lines = { stroke: '#000', strokeOpacity: 0.2, strokeWidth: 0.6 }
  return [contour(filled, { ...gridOf(layer, ranges), thresholds: levels, fill: Plot.identity, ...lines })]
}

/** The set where a trial counts as escaped: regions of a map, or stretches of a graph. */
export function escapeMarks(layer: LayerOf<'escapes'>, figure: Figure, ranges: Ranges): Plot.Markish[] {
  const { values, rows, columns } = layer
  const [[from, to], [y1, top]] = [ranges.x, ranges.y]
  const x = (_: number, i: number): number => from + ((to - from) * i) / (columns - 1)
  return escapeFills(figure).map((fill) =>
    rows > 1
      ? contour(values, { ...gridOf(layer, ranges), thresholds: [0.5], ...fill, stroke: escapeColor })
      : Plot.areaY(values, { x, y1, y2: (inside) => (inside === 1 ? top : Number.NaN), ...fill }),
  )
}

export const nameStyle = { fontWeight: 'bold', stroke: paper, strokeWidth: 3, fill: ink } as const

/** The ring has an outline, because the ground may have its colour. */
export function startMarks(start: LayerOf<'start'>): Plot.Markish[] {
  const at = { x: 'x', y: 'y' } as const
  const ring = (stroke: string, strokeWidth: number) => Plot.dot([start], { ...at, r: 8, stroke, strokeWidth })
  const text = { text: () => 'start', textAnchor: 'end', dx: -12, dy: 5 } as const
  return [ring(paper, 4.5), ring(ink, 2), Plot.text([start], { ...at, ...text, ...nameStyle })]
}

const textSize = 11
const lineHeight = 18
const bar = { gap: 16, width: 12, text: 17 }

type Bands = NonNullable<ReturnType<typeof bandsOf>>

/** The bands of the surface of a figure, from low to high; null if the figure has none. Levels are lower limits. */
export function bandsOf({ layers }: Figure) {
  const surface = layers.find((layer) => layer.type === 'surface')
  if (surface === undefined) return null
  const levels = quantiles(surface.values, bands)
  const colors = levels.map((_, at) => hex(colorAt(at / Math.max(1, levels.length - 1))))
  // Rounding errors at a minimum are no losses: 0 instead of 2e-29.
  const least = 1e-12 * (levels.at(-1)! - levels[0]!)
  const shown = (level: number): number => (Math.abs(level) < least ? 0 : level)
  const textOf = tickFormat(levels.map(shown))
  return { levels, colors, textOf: (level: number) => textOf(shown(level)) }
}

export const bandColors = ({ levels, colors }: Bands) =>
  ({ color: { type: 'threshold', domain: levels.slice(1), range: colors } }) as { readonly color: Plot.ScaleOptions }

/** The width of a colour bar with the gap between it and the map. */
export const barWidth = ({ levels, textOf }: Bands): number =>
  bar.gap + bar.text + Math.max(...levels.map((level) => widthOfText(textOf(level), textSize)), 24)

/**
 * The colours from low to high, with the losses of the contours between them. All bands are equally high, because each
 * of them covers the same area of the map.
 */
export function colorBar({ levels, colors, textOf }: Bands, left: number, top: number, height: number): string {
  const band = height / levels.length
  const every = Math.ceil(lineHeight / band)
  const parts = levels.map((level, at) => {
    const y = round(height - (at + 1) * band)
    const text = `<text x="${bar.text}" y="${round(y + band)}" dy="0.32em">${escaped(textOf(level))}</text>`
    return (
      `<rect y="${y}" width="${bar.width}" height="${round(band + 0.5)}" fill="${colors[at]}"/>` +
      (at % every === 0 ? text : '')
    )
  })
  return (
    `<g transform="translate(${left + bar.gap},${top})" font-size="${textSize}" data-part="color bar">` +
    `<text y="-9">loss L</text>${parts.join('')}</g>`
  )
}
