import { type Figure, hatchedTiles } from '../figure.ts'
import { escaped } from './markup.ts'

/** Pixels between two lines. */
export const hatchGap = 9

const name = 'below-target'
export const hatchFill = `url(#${name})`

/** The lines are dark with a light edge, so that they are visible on every colour of a map. */
export function hatchPattern(figure: Pick<Figure, 'layers'>): string {
  if (hatchedTiles(figure) === 0) return ''
  const line = (x: number, width: number, color: string) =>
    `<path d="M${x},0v${hatchGap}" stroke="${color}" stroke-width="${width}"/>`
  return (
    `<defs><pattern id="${name}" width="${hatchGap}" height="${hatchGap}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(45)">${line(1.9, 0.9, '#ffffff')}${line(1, 1, '#000000')}</pattern></defs>`
  )
}

export const hatchSwatch = (text: string, size: number): string =>
  `<rect x="0" y="3" width="18" height="11" fill="${hatchFill}" stroke="currentColor" stroke-width="0.5"/>` +
  `<text x="24" y="13" font-size="${size}">${escaped(text)}</text>`

export function hatchAt(i: number, j: number): 'line' | 'edge' | null {
  const along = (i + j) % hatchGap
  return along === 0 ? 'line' : along === 1 ? 'edge' : null
}
