import {
  documentJson,
  envelope,
  type Figure,
  type FigureFormat,
  type FigureStyle,
  figureCsv,
  figureFormats,
} from '@driftfarm/report'
import { FarmError } from '../error.ts'

/** The format for the extension of a file name. Throws a FarmError if the extension is unknown. */
export function formatOfFile(file: string): FigureFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase()
  const format = figureFormats.find((each) => each === ending)
  if (format !== undefined) return format
  const what = ending === undefined ? 'a file without an extension' : `.${ending}`
  throw new FarmError('USAGE', `a figure cannot be written as ${what}`, {
    hint: `use a file name that ends in .${figureFormats.join(', .')}`,
  })
}

/**
 * The content of a file with the figure: text for SVG, CSV and JSON, bytes for PNG and PDF. `warn` is called for
 * characters that no installed font can draw.
 */
export async function figureFile(
  figure: Figure,
  format: FigureFormat,
  { width = 720, height, theme = 'light', plain = false }: FigureStyle = {},
  warn: (message: string) => void = () => undefined,
): Promise<string | Uint8Array> {
  if (format === 'json') return documentJson(envelope('Figure', figure, []))
  if (format === 'csv') return figureCsv(figure)
  const { headlessDocument, svgOf } = await import('@driftfarm/report/drawing')
  const svg = svgOf(figure, { document: headlessDocument(), width, height, theme, plain })
  if (format === 'svg') return svg
  const { pngOf, pdfOf } = await import('./print.ts')
  return format === 'png' ? pngOf(svg, warn) : pdfOf(svg, figure.title, warn)
}
