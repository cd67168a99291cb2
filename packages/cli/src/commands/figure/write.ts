import { documentJson, envelope, type Figure, headlessDocument, svgOf, type Theme } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { writeAll } from '../../output.ts'
import type { Shell } from '../../shell.ts'

const formats = ['svg', 'png', 'pdf', 'json'] as const
export type FigureFormat = (typeof formats)[number]

/** The format by the extension of the file's name. Throws a CliError for another. */
export function formatOfFile(file: string): FigureFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase()
  const format = formats.find((each) => each === ending)
  if (format !== undefined) return format
  throw new CliError(
    'USAGE',
    `a figure is not written as ${ending === undefined ? 'a file without an extension' : `.${ending}`}`,
    `name the file .${formats.join(', .')}`,
  )
}

interface Look {
  /** In pixels. */
  readonly width: number | undefined
  readonly theme: Theme | undefined
}

export async function writeFigure(shell: Shell, figure: Figure, file: string, look: Look): Promise<void> {
  await writeAll(shell, [await contentOf(figure, formatOfFile(file), look)], file)
}

async function contentOf(figure: Figure, format: FigureFormat, { width, theme }: Look): Promise<string | Uint8Array> {
  if (format === 'json') return documentJson(envelope('Figure', figure, []))
  const svg = svgOf(figure, { document: headlessDocument(), width: width ?? 720, theme: theme ?? 'light' })
  if (format === 'svg') return svg
  const { pngOf, pdfOf } = await import('./print.ts')
  return format === 'png' ? pngOf(svg) : pdfOf(svg, figure.title)
}
