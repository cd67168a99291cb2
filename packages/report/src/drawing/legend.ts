import { doubtSign } from '../document/findings.ts'
import {
  type Bar,
  type Figure,
  hatchedTiles,
  type Layer,
  type LayerOf,
  layersOf,
  maxMarkedTiles,
  type Point,
  type Tile,
} from '../figure/figure.ts'
import { countText } from '../format/quantity.ts'
import { colorAt, faint, hex, ink, missing, paper, seriesColor } from '../scale/colors.ts'
import { labelledTicks } from '../scale/ticks.ts'
import { inGreek } from './greek.ts'
import { cutTo, escaped, round, widthOfText } from './measure.ts'

const size = 12
const rowHeight = 18
const signWidth = 18

/** An entry of a legend: what is drawn, and its meaning. Without a sign, the text is a title. */
interface Entry {
  readonly sign: string
  readonly text: string
}

/** Entries side by side, in as many rows as they need. */
function rowsOf(entries: readonly Entry[], width: number) {
  if (entries.length === 0) return null
  const parts: string[] = []
  let [x, y] = [0, 0]
  for (const { sign, text: name } of entries) {
    const text = inGreek(name)
    const room = sign === '' ? 0 : signWidth + 6
    const shown = cutTo(text, size, width - room)
    const wide = room + widthOfText(shown, size) + 14
    if (x > 0 && x + wide > width) {
      x = 0
      y += rowHeight
    }
    if (sign !== '') parts.push(`<g transform="translate(${round(x)},${y + 8.5})">${sign}</g>`)
    parts.push(`<text x="${round(x + room)}" y="${y + 13}" font-size="${size}">${escaped(shown)}</text>`)
    x += wide
  }
  return { svg: parts.join(''), height: y + rowHeight + 6 }
}

export function legendRows(figure: Figure, width: number) {
  const { series, seriesTitle } = figure
  if (series.length === 0) return null
  const title = seriesTitle === null ? [] : [{ sign: '', text: `${seriesTitle}:` }]
  const swatch = (fill: string) => `<rect x="3" y="-5.5" width="11" height="11" rx="2" fill="${fill}"/>`
  return rowsOf([...title, ...series.map((text, at) => ({ sign: swatch(seriesColor(figure, at)), text }))], width)
}

const line = (style: string, color = ink) => `<path d="M0,0H${signWidth}" stroke="${color}" fill="none" ${style}/>`
const area = (fill: string, opacity: number, edge = '') =>
  `<rect x="0" y="-5.5" width="${signWidth}" height="11" fill="${fill}" fill-opacity="${opacity}" ${edge}/>`
const circle = (style: string) => `<circle cx="9" cy="0" r="3.4" stroke="${ink}" ${style}/>`
const arrow = (to: number) =>
  `<path d="M5,${-6 * to}h8l-4,${7 * to}z" fill="${ink}"/>` +
  `<path d="M9,0V${8 * to}" stroke="${ink}" stroke-dasharray="2 2"/>`
const sign = (text: string) =>
  `<text x="9" y="4.5" font-size="12" font-weight="bold" text-anchor="middle">${escaped(text)}</text>`

const bands = {
  interval: 'interval',
  simultaneous: 'band over all steps',
  bracket: 'bounds of Theorem 1',
  fit: 'limits of the fit',
} as const
const opacities = { interval: 0.4, simultaneous: 0.16, bracket: 0.07, fit: 0.16 } as const
const dotted = `stroke="${ink}" stroke-dasharray="1 3"`
const lines = {
  exact: 'stroke-dasharray="5 3"',
  fit: 'stroke-width="1.5"',
  reference: 'stroke-dasharray="4 3"',
} as const

/** The meaning of each kind of mark in the figure, apart from the colours of series. */
export function markRows(figure: Figure, width: number) {
  const layers = layersOf(figure)
  const entries = layers.flatMap((layer): Entry[] => {
    if (layer.type === 'points' && figure.figure === 'trajectory') return [pathEnd]
    if (layer.type === 'points')
      return layer.points.flatMap((point) => pointEntries(point, figure.figure === 'boundary'))
    if (layer.type === 'bars') return layer.bars.flatMap(barEntries)
    if (layer.type === 'tiles') return layer.tiles.length > maxMarkedTiles ? [] : layer.tiles.flatMap(tileEntries)
    if (layer.type === 'scatter') return layer.points.length > maxMarkedTiles ? [] : layer.points.flatMap(tileEntries)
    if (layer.type === 'contour') return contourEntries(layer, figure.color?.label ?? '')
    if (layer.type === 'band')
      return [
        { sign: area(faint, opacities[layer.role], layer.role === 'bracket' ? dotted : ''), text: bands[layer.role] },
      ]
    if (layer.type === 'line' && layer.role in lines)
      return [{ sign: line(lines[layer.role as keyof typeof lines]), text: lineText(layer) }]
    return []
  })
  const parts = figure.panels.length === 0 ? [figure] : figure.panels
  const areEqual = parts.some((part) =>
    part.layers.some((layer) => layer.type === 'line' && equalLayers(part, layer).length > 1),
  )
  const equal = { sign: line('stroke-width="2" stroke-dasharray="4 4"'), text: 'equal series: colours alternate' }
  const all = new Map([...entries, ...(areEqual ? [equal] : [])].map((entry) => [entry.text, entry]))
  return rowsOf([...all.values()], width)
}

const lineText = ({ role, text }: LayerOf<'line'>): string => (role === 'fit' ? 'fit' : text)

function pointEntries({ low, high, limit, doubt }: Point, isBoundary: boolean): Entry[] {
  const of = doubt === 'doubtful' ? circle(`fill="${paper}"`) : sign('×')
  const doubts = doubt === null ? [] : [{ sign: of, text: doubt }]
  if (limit !== null && (limit === 'upper' ? high : low) !== null)
    return [
      { sign: arrow(limit === 'upper' ? 1 : -1), text: isBoundary ? 'no crossing in the range' : limits[limit] },
      ...doubts,
    ]
  if (low === null && high === null) return doubts
  return [bar, ...doubts]
}

const bar = { sign: `<path d="M9,-7v14" stroke="${ink}"/>`, text: 'interval' }
const pathEnd = { sign: circle(`fill="${ink}"`), text: 'end of a path' }

function barEntries({ parts: [lowest], doubt }: Bar): Entry[] {
  const interval = lowest?.low == null ? [] : [{ ...bar, text: `interval of ${lowest.part}` }]
  return [...interval, ...(doubt === null ? [] : [{ sign: sign(doubtSign(doubt)), text: doubt }])]
}

/** The signs of cells of a map whose trials determine only one limit. */
export const arrows = { upper: '▽', lower: '△' } as const
const limits = { upper: 'upper limit: no event', lower: 'lower limit: an event in every trial' } as const

function tileEntries({ value, limit, doubt }: Tile): Entry[] {
  return [
    ...(value === null ? [{ sign: area(missing, 1), text: 'no finite number' }] : []),
    ...(limit === null ? [] : [{ sign: sign(arrows[limit]), text: limits[limit] }]),
    ...(doubt === null ? [] : [{ sign: sign(doubtSign(doubt)), text: doubt }]),
  ]
}

function contourEntries({ level, pieces }: LayerOf<'contour'>, label: string): Entry[] {
  const of = (dashes: string) => line('stroke-width="3.5"', '#000') + line(`stroke-width="1.7" ${dashes}`, '#fff')
  return [
    { sign: of(''), text: `${label} = ${level}` },
    ...(pieces.every(({ sure }) => sure) ? [] : [{ sign: of('stroke-dasharray="3 4"'), text: 'within the intervals' }]),
  ]
}

/** The lines or bands with the points of this one, in the order of their series. */
export const equalLayers = (
  { layers }: Pick<Figure, 'layers'>,
  layer: LayerOf<'line'> | LayerOf<'band'>,
): readonly Layer[] =>
  layer.series === null || layer.role === 'path' || layer.points.length === 0
    ? [layer]
    : layers.filter(
        (other) => other.type === layer.type && other.role === layer.role && isDeepEqual(other.points, layer.points),
      )

type Places = readonly Readonly<Record<string, unknown>>[]
const isDeepEqual = (a: Places, b: Places): boolean =>
  a.length === b.length && a.every((one, at) => Object.keys(one).every((key) => one[key] === b[at]![key]))

export function rampOf({ color }: Figure, width: number) {
  if (color === null || color.domain === null) return null
  const wide = Math.min(width, 320)
  const steps = 64
  const parts = [`<text x="0" y="11" font-size="${size}">${escaped(cutTo(inGreek(color.label), size, width))}</text>`]
  for (let i = 0; i < steps; i++)
    parts.push(
      `<rect x="${round((i * wide) / steps)}" y="17" width="${round(wide / steps) + 0.4}" height="10" ` +
        `fill="${hex(colorAt(i / (steps - 1), color))}"/>`,
    )
  for (const { at, text } of labelledTicks(color, 5)) {
    const x = round(wide * at)
    const anchor = x < 12 ? 'start' : x > wide - 12 ? 'end' : 'middle'
    parts.push(
      `<path d="M${x},27v4" stroke="${ink}"/>`,
      `<text x="${x}" y="42" font-size="11" text-anchor="${anchor}">${text}</text>`,
    )
  }
  return { svg: parts.join(''), height: 52 }
}

/** Explains a hatched area. */
export function hatchRow(figure: Figure) {
  const { length: count, 0: first } = hatchedTiles(figure)
  if (first === undefined && !hasEscapes(figure)) return null
  const meaning = first?.state === 'may be equal' ? 'the interval contains 0' : 'target not reached'
  const [fills, text] =
    count > 0
      ? [[{ fill: hatchFill }], `${meaning}: ${countText(count, 'cell')}`]
      : [escapeFills(figure), 'counts as escaped']
  const stroke = 'stroke="currentColor" stroke-width="0.5"'
  const swatches = fills.map(
    ({ fill, fillOpacity = 1 }: Fill) =>
      `<rect x="0" y="3" width="18" height="11" fill="${fill}" fill-opacity="${fillOpacity}" ${stroke}/>`,
  )
  return {
    svg: `${swatches.join('')}<text x="24" y="13" font-size="${size}">${escaped(text)}</text>`,
    height: rowHeight + 6,
  }
}

const hasEscapes = (figure: Pick<Figure, 'layers' | 'panels'>): boolean =>
  layersOf(figure).some(({ type }) => type === 'escapes')

export const escapeColor = '#d55e00'

/** Pixels between two lines. */
export const hatchGap = 9

const name = 'below-target'
export const hatchFill = `url(#${name})`

const escapeName = 'escape-set'

interface Fill {
  readonly fill: string
  readonly fillOpacity?: number
}

const isMap = ({ layers }: Pick<Figure, 'layers'>): boolean => layers.some(({ type }) => type === 'surface')

/** How the set of escapes is filled: shaded, on a coloured surface also with lines. A pattern of shades has seams. */
export const escapeFills = (figure: Pick<Figure, 'layers'>): readonly Fill[] => [
  { fill: escapeColor, fillOpacity: 0.18 },
  ...(isMap(figure) ? [{ fill: `url(#${escapeName})` }] : []),
]

/** On a map of cells, the lines are dark with a light edge, so that they are visible on every colour. */
export function hatchPattern(figure: Pick<Figure, 'layers' | 'panels'>): string {
  const line = (x: number, width: number, color: string) =>
    `<path d="M${x},0v${hatchGap}" stroke="${color}" stroke-width="${width}"/>`
  const pattern = (id: string, content: string) =>
    `<defs><pattern id="${id}" width="${hatchGap}" height="${hatchGap}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(45)">${content}</pattern></defs>`
  if (hatchedTiles(figure).length > 0) return pattern(name, line(1.9, 0.9, '#ffffff') + line(1, 1, '#000000'))
  return hasEscapes(figure) && isMap(figure) ? pattern(escapeName, line(1, 1.2, escapeColor)) : ''
}

export function hatchAt(i: number, j: number): 'line' | 'edge' | null {
  const along = (i + j) % hatchGap
  return along === 0 ? 'line' : along === 1 ? 'edge' : null
}
