import type { Range } from './scene.ts'
import { short, ticks } from './ticks.ts'

/** Position of the plot within the SVG, in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Axis {
  readonly label: string
  readonly range: Range
}

/** Maps coordinates to pixels. */
export function placer(box: Box, x: Range, y: Range): (at: readonly [number, number]) => readonly [number, number] {
  return ([a, b]) => [
    box.left + (box.width * (a - x[0])) / (x[1] - x[0]),
    box.top + box.height - (box.height * (b - y[0])) / (y[1] - y[0]),
  ]
}

/** The title, and the axes around the box with ticks and labels. */
export function frame(title: string, box: Box, x: Axis, y: Axis): string {
  const place = placer(box, x.range, y.range)
  const bottom = box.top + box.height
  const parts = [
    `<text x="${box.left}" y="${box.top - 14}" font-size="15" font-weight="600">${escape(title)}</text>`,
    `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="none" stroke="#333"/>`,
  ]
  for (const tick of ticks(x.range, 6)) {
    const at = round(place([tick, y.range[0]])[0])
    parts.push(
      `<path d="M${at} ${bottom}v5" stroke="#333"/>`,
      `<text x="${at}" y="${bottom + 19}" text-anchor="middle">${short(tick)}</text>`,
    )
  }
  for (const tick of ticks(y.range, 6)) {
    const at = round(place([x.range[0], tick])[1])
    parts.push(
      `<path d="M${box.left} ${at}h-5" stroke="#333"/>`,
      `<text x="${box.left - 9}" y="${at + 4}" text-anchor="end">${short(tick)}</text>`,
    )
  }
  const middle = box.top + box.height / 2
  parts.push(
    `<text x="${box.left + box.width / 2}" y="${bottom + 38}" text-anchor="middle" ` +
      `font-style="italic">${escape(x.label)}</text>`,
    `<text transform="translate(${box.left - 50} ${middle}) rotate(-90)" text-anchor="middle" ` +
      `font-style="italic">${escape(y.label)}</text>`,
  )
  return parts.join('\n')
}

/** A marked point with its name above it or beside it: to the right, or to the left near the right edge. */
export function marked(name: string, [x, y]: readonly [number, number], box: Box, where: 'above' | 'beside'): string {
  const isLeft = x > box.left + box.width - 9 * name.length - 12
  const [anchor, right, down] = where === 'above' ? ['middle', 0, -13] : isLeft ? ['end', -9, -7] : ['start', 9, -7]
  return [
    `<circle cx="${round(x)}" cy="${round(y)}" r="4.5" fill="#fff" stroke="#000" stroke-width="1.5"/>`,
    `<text x="${round(x + right)}" y="${round(y + down)}" text-anchor="${anchor}" font-weight="600" stroke="#fff" ` +
      `stroke-width="3" paint-order="stroke" stroke-linejoin="round">${escape(name)}</text>`,
  ].join('\n')
}

/** A self-contained SVG file: font names of its own, a white background, no scripts. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="system-ui, \'DejaVu Sans\', sans-serif" font-size="12.5" fill="#111" role="img">',
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** Rounds to a tenth of a pixel. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
