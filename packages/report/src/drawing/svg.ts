import type { Figure } from '../figure/figure.ts'
import { type FigureStyle, faint, ink, inTheme, paper } from '../scale/colors.ts'
import { hatchPattern, hatchRow, legendRows, markRows, rampOf } from './legend.ts'
import { escaped, fontFamily, linesOf, round } from './measure.ts'
import { type Frame, plotOf } from './plot.ts'

export interface SvgOptions extends FigureStyle {
  /** The document in which elements are created: the page's own, or `headlessDocument()`. */
  readonly document: Document
  /** The largest height of the axes with their labels, in pixels. */
  readonly maxHeight?: number
}

export type Drawing = Readonly<{ svg: string; frame: Frame }>

const padding = 14
const titleSize = 15
const captionSize = 11

/** A figure as a standalone SVG file with title, legend, axes and caption. The file loads no other files. */
export const svgOf = (figure: Figure, options: SvgOptions): string => drawingOf(figure, options).svg

/** A figure as for `svgOf`, and where its axes are. */
export function drawingOf(
  figure: Figure,
  { width = 720, theme = 'light', plain = false, maxHeight, document }: SvgOptions,
): Drawing {
  const inner = width - 2 * padding
  const parts: string[] = []
  let y = padding
  const lines = (text: string, size: number, attributes: string): void => {
    for (const line of linesOf(text, size, inner)) {
      y += size * 1.3
      parts.push(
        `<text x="${padding}" y="${round(y - 0.3 * size)}" font-size="${size}" ${attributes}>${escaped(line)}</text>`,
      )
    }
  }
  if (!plain) {
    lines(figure.title, titleSize, 'font-weight="bold"')
    y += 6
  }
  for (const part of [legendRows(figure, inner), rampOf(figure, inner), markRows(figure, inner), hatchRow(figure)]) {
    if (part === null) continue
    parts.push(`<g transform="translate(${padding},${round(y)})">${part.svg}</g>`)
    y += part.height
  }
  const plot = plotOf(figure, inner, maxHeight, document)
  parts.push(`<g transform="translate(${padding},${round(y)})">${plot.svg}</g>`)
  const frame = { ...plot.frame, left: plot.frame.left + padding, top: plot.frame.top + y }
  y += plot.height + 4
  for (const sentence of plain ? [] : figure.caption) lines(sentence, captionSize, `fill="${faint}"`)
  const height = Math.ceil(y + padding)
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}" font-size="12" fill="${ink}" color="${ink}" role="img">`
  const description = figure.caption.join(' ')
  const whole = [
    head,
    `<title>${escaped(figure.title)}</title>`,
    ...(description === '' ? [] : [`<desc>${escaped(description)}</desc>`]),
    hatchPattern(figure),
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
  return { svg: inTheme(whole.replaceAll('currentColor', ink), theme), frame }
}
