import { documentJson, envelope, type Figure, type FigureFormat, figureFormats, type Look } from '@driftfarm/report'
import { FarmError } from '../error.ts'

/** The format by the extension of the file's name. Throws a FarmError for another. */
export function formatOfFile(file: string): FigureFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase()
  const format = figureFormats.find((each) => each === ending)
  if (format !== undefined) return format
  const what = ending === undefined ? 'a file without an extension' : `.${ending}`
  throw new FarmError('USAGE', `a figure is not written as ${what}`, {
    hint: `name the file .${figureFormats.join(', .')}`,
  })
}

/**
 * The content of a file that shows the figure: text of SVG and JSON, bytes of PNG and PDF. `warn` hears of characters
 * that no font here can draw.
 */
export async function figureFile(
  figure: Figure,
  format: FigureFormat,
  { width = 720, theme = 'light', plain = false }: Look = {},
  warn: (message: string) => void = () => undefined,
): Promise<string | Uint8Array> {
  if (format === 'json') return documentJson(envelope('Figure', figure, []))
  const { headlessDocument, svgOf } = await import('@driftfarm/report/drawing')
  const svg = svgOf(figure, { document: headlessDocument(), width, theme, plain })
  if (format === 'svg') return svg
  const { pngOf, pdfOf } = await import('./print.ts')
  return format === 'png' ? pngOf(svg, warn) : pdfOf(svg, figure.title, warn)
}
