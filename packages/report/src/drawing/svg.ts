import type { Figure } from '../figure/figure.ts'
import { type FigureStyle, faint, ink, inTheme, paper } from '../scale/colors.ts'
import { inGreek } from './greek.ts'
import { hatchPattern, hatchRow, legendRows, markRows, rampOf } from './legend.ts'
import { cutTo, escaped, fontFamily, linesOf, round } from './measure.ts'
import { type Frame, type PlotHeights, plotOf } from './plot.ts'

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
const panelTitle = 18
/** Smaller axes could not be read. */
const leastHeight = 120
const leastWidth = 210

/** A figure as a standalone SVG file with title, legend, axes and caption. The file loads no other files. */
export const svgOf = (figure: Figure, options: SvgOptions): string => drawingOf(figure, options).svg

/** A figure as for `svgOf`, and where its axes are. */
export function drawingOf(
  figure: Figure,
  { width = 720, height, theme = 'light', plain = false, maxHeight, document }: SvgOptions,
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
    // The name of the sweep is written as its owner wrote it.
    const name = figure.sweep !== null && figure.title.startsWith(figure.sweep.name) ? figure.sweep.name : ''
    lines(name + inGreek(figure.title.slice(name.length)), titleSize, 'font-weight="bold"')
    y += 6
  }
  for (const part of [legendRows(figure, inner), rampOf(figure, inner), markRows(figure, inner), hatchRow(figure)]) {
    if (part === null) continue
    parts.push(`<g transform="translate(${padding},${round(y)})">${part.svg}</g>`)
    y += part.height
  }
  const caption = plain ? [] : figure.caption.map(inGreek)
  const below = caption.flatMap((sentence) => linesOf(sentence, captionSize, inner)).length * captionSize * 1.3
  // Whatever height is requested, the axes remain readable.
  const exact = height === undefined ? undefined : Math.max(leastHeight, Math.floor(height - y - 4 - below - padding))
  const plots = panelsOf(figure, inner, { maxHeight, exact }, document)
  parts.push(`<g transform="translate(${padding},${round(y)})">${plots.svg}</g>`)
  const frame = { ...plots.frame, left: plots.frame.left + padding, top: plots.frame.top + y }
  y += plots.height + 4
  for (const sentence of caption) lines(sentence, captionSize, `fill="${faint}"`)
  const whole = Math.ceil(y + padding)
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" ` +
    `font-family="${fontFamily}" font-size="12" fill="${ink}" color="${ink}" role="img">`
  const description = figure.caption.join(' ')
  const svg = [
    head,
    `<title>${escaped(figure.title)}</title>`,
    ...(description === '' ? [] : [`<desc>${escaped(description)}</desc>`]),
    hatchPattern(figure),
    `<rect width="${width}" height="${whole}" fill="${paper}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
  return { svg: inTheme(svg.replaceAll('currentColor', ink), theme), frame }
}

/** The axes of a figure or, side by side, those of its panels. The frame is that of the first panel. */
function panelsOf(figure: Figure, width: number, { maxHeight, exact }: PlotHeights, document: Document) {
  const count = figure.panels.length
  if (count === 0) return plotOf(figure, width, { maxHeight, exact }, document)
  const columns = Math.min(count === 4 ? 2 : 3, count, Math.max(1, Math.floor(width / leastWidth)))
  const rows = Math.ceil(count / columns)
  const each = (width - (columns - 1) * padding) / columns
  const most = maxHeight === undefined ? Number.POSITIVE_INFINITY : maxHeight / rows - panelTitle
  const own = exact === undefined ? Math.min(most, Math.max(260, 0.95 * each)) : exact / rows - panelTitle
  const plots = figure.panels.map(({ layers }) =>
    plotOf({ ...figure, layers, panels: [] }, each, { maxHeight, exact: own }, document),
  )
  const height = Math.max(...plots.map((plot) => plot.height)) + panelTitle
  const parts = plots.map(({ svg }, at) => {
    const [left, top] = [(at % columns) * (each + padding), Math.floor(at / columns) * height]
    const title = cutTo(inGreek(figure.panels[at]!.title), 12, each)
    return (
      `<g transform="translate(${round(left)},${round(top)})"><text x="0" y="12" font-weight="bold">${escaped(title)}` +
      `</text><g transform="translate(0,${panelTitle})">${svg}</g></g>`
    )
  })
  const { frame } = plots[0]!
  return { svg: parts.join(''), height: rows * height, frame: { ...frame, top: frame.top + panelTitle } }
}
