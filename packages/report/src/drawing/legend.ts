import { type Figure, hatchedTiles } from '../figure/figure.ts'
import { countText } from '../format/quantity.ts'
import { colorAt, hex, ink, seriesColor } from '../scale/colors.ts'
import { labelledTicks } from '../scale/ticks.ts'
import { cutTo, escaped, round, widthOfText } from './measure.ts'

const size = 12
const rowHeight = 18

export function legendRows(figure: Figure, width: number) {
  const { series, seriesTitle } = figure
  if (series.length === 0) return null
  const parts: string[] = []
  let [x, y] = [0, 0]
  const put = (text: string, color: string | null): void => {
    const shown = cutTo(text, size, width - 20)
    const swatch = color === null ? 0 : 16
    const wide = swatch + widthOfText(shown, size) + 14
    if (x > 0 && x + wide > width) {
      x = 0
      y += rowHeight
    }
    if (color !== null) parts.push(`<rect x="${round(x)}" y="${y + 3}" width="11" height="11" rx="2" fill="${color}"/>`)
    parts.push(`<text x="${round(x + swatch)}" y="${y + 13}" font-size="${size}">${escaped(shown)}</text>`)
    x += wide
  }
  if (seriesTitle !== null) put(`${seriesTitle}:`, null)
  series.forEach((name, place) => {
    put(name, seriesColor(figure, place))
  })
  return { svg: parts.join(''), height: y + rowHeight + 6 }
}

export function rampOf({ color }: Figure, width: number) {
  if (color === null || color.domain === null) return null
  const wide = Math.min(width, 320)
  const steps = 64
  const parts = [`<text x="0" y="11" font-size="${size}">${escaped(cutTo(color.label, size, width))}</text>`]
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
  const [fill, text] =
    count > 0 ? [hatchFill, `${meaning}: ${countText(count, 'cell')}`] : [escapeFill, 'counts as escaped']
  const stroke = 'stroke="currentColor" stroke-width="0.5"'
  const swatch = `<rect x="0" y="3" width="18" height="11" fill="${fill}" ${stroke}/>`
  return { svg: `${swatch}<text x="24" y="13" font-size="${size}">${escaped(text)}</text>`, height: rowHeight + 6 }
}

const hasEscapes = ({ layers }: Pick<Figure, 'layers'>): boolean => layers.some(({ type }) => type === 'escapes')

export const escapeColor = '#d55e00'

/** Pixels between two lines. */
export const hatchGap = 9

const name = 'below-target'
export const hatchFill = `url(#${name})`

const escapeName = 'escape-set'
export const escapeFill = `url(#${escapeName})`

/** On a map of cells, the lines are dark with a light edge, so that they are visible on every colour. */
export function hatchPattern(figure: Pick<Figure, 'layers'>): string {
  const line = (x: number, width: number, color: string) =>
    `<path d="M${x},0v${hatchGap}" stroke="${color}" stroke-width="${width}"/>`
  const pattern = (id: string, content: string) =>
    `<defs><pattern id="${id}" width="${hatchGap}" height="${hatchGap}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(45)">${content}</pattern></defs>`
  if (hatchedTiles(figure).length > 0) return pattern(name, line(1.9, 0.9, '#ffffff') + line(1, 1, '#000000'))
  if (!hasEscapes(figure)) return ''
  const shade = `<rect width="${hatchGap}" height="${hatchGap}" fill="${escapeColor}" fill-opacity="0.18"/>`
  const isMap = figure.layers.some(({ type }) => type === 'surface')
  return pattern(escapeName, isMap ? shade + line(1, 1.2, escapeColor) : shade)
}

export function hatchAt(i: number, j: number): 'line' | 'edge' | null {
  const along = (i + j) % hatchGap
  return along === 0 ? 'line' : along === 1 ? 'edge' : null
}
