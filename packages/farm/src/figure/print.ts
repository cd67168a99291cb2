import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import PDFDocument from 'pdfkit'
import svgToPdf from 'svg-to-pdfkit'
import { fallbackFamily, fontFallbackOf, isFallbackFamily, missingCharactersWarning } from './fonts.ts'

const { resolve } = createRequire(import.meta.url)

/**
 * These fonts make PNG and PDF files the same on every machine. Other fonts are used only for characters that these
 * fonts do not contain.
 */
const fonts = {
  regular: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
}

type Warn = (message: string) => void

let wasm: Promise<void> | null = null

/** The library may be initialised already, because tests may load several copies of this module in one process. */
async function initialise(): Promise<void> {
  try {
    await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')))
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('Already initialized'))) throw error
  }
}

/** With two pixels per unit, the image is sharp on paper and on high-resolution screens. */
const density = 2

export async function pngOf(drawing: string, warn: Warn, folders?: readonly string[]): Promise<Uint8Array> {
  const { svg, fonts: others, missing } = fontFallbackOf(drawing, fonts.regular, folders)
  if (missing.length > 0) warn(missingCharactersWarning(missing, 'png'))
  wasm ??= initialise()
  await wasm
  // Resvg has no other name for pixels that are not smoothed.
  const resvg = new Resvg(svg.replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"'), {
    fitTo: { mode: 'zoom', value: density },
    font: {
      fontBuffers: await Promise.all(
        [fonts.regular, fonts.bold, ...others.map(({ path }) => path)].map((path) => readFile(path)),
      ),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  })
  // Do not move `free` into a `finally` block: if rendering throws, freeing would hide the error.
  const png = resvg.render().asPng()
  resvg.free()
  return png
}

const pointsPerPixel = 0.75

/** A PDF file of one page in the size of the drawing, with vector graphics and text instead of pixels. */
export async function pdfOf(
  drawing: string,
  title: string,
  warn: Warn,
  folders?: readonly string[],
): Promise<Uint8Array> {
  const { svg, fonts: others, missing } = fontFallbackOf(drawing, fonts.regular, folders)
  if (missing.length > 0) warn(missingCharactersWarning(missing, 'pdf'))
  const [, width = '', height = ''] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? []
  const document = new PDFDocument({
    size: [Number(width) * pointsPerPixel, Number(height) * pointsPerPixel],
    margin: 0,
    font: fonts.regular,
    info: { Title: title, Creator: 'Drift Farm' },
  })
  const pieces: Uint8Array[] = []
  document.on('data', (piece: Uint8Array) => pieces.push(piece))
  const ended = once(document, 'end')
  document.registerFont('regular', fonts.regular)
  document.registerFont('bold', fonts.bold)
  for (const [place, { path, postScriptName }] of others.entries())
    document.registerFont(fallbackFamily(place), path, postScriptName)
  svgToPdf(document, withEdgesBelow(svg), 0, 0, {
    fontCallback: (family: string, bold: boolean) => (isFallbackFamily(family) ? family : bold ? 'bold' : 'regular'),
  })
  document.end()
  await ended
  return Buffer.concat(pieces)
}

/**
 * Draws texts whose edge is below their fill twice, once with the edge and once without it. The library for PDF would
 * draw the edge above the fill, and a reader would see a blot.
 */
const withEdgesBelow = (svg: string): string =>
  svg.replace(/<g\b([^>]*) paint-order="stroke"([^>]*)>(.*?)<\/g>/gs, (whole, before: string, after: string, texts) => {
    const plain = `${before}${after}`.replace(/ stroke(-[a-z]+)?="[^"]*"/g, '')
    return `${whole}<g${plain}>${texts}</g>`
  })
