import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import PDFDocument from 'pdfkit'
import svgToPdf from 'svg-to-pdfkit'

const { resolve } = createRequire(import.meta.url)

/** The fonts that every PNG and PDF is set in, wherever it is made. */
const fonts = {
  regular: () => readFile(resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
  bold: () => readFile(resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
}

let wasm: Promise<void> | null = null

/** Pixels for each unit of the drawing: sharp on paper and on dense screens. */
const density = 2

/** The drawing as the bytes of a PNG file. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  wasm ??= readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')).then((bytes) => initWasm(bytes))
  await wasm
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: density },
    font: {
      fontBuffers: await Promise.all([fonts.regular(), fonts.bold()]),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  })
  // Not freed where it throws: that would hide what it threw.
  const png = resvg.render().asPng()
  resvg.free()
  return png
}

/** Points in a pixel. */
const points = 0.75

/** The drawing as the bytes of a PDF file of one page as large as it is, of lines and letters, not of pixels. */
export async function pdfOf(svg: string, title: string): Promise<Uint8Array> {
  const [, width = '', height = ''] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? []
  const document = new PDFDocument({
    size: [Number(width) * points, Number(height) * points],
    margin: 0,
    font: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    info: { Title: title, Creator: 'Drift Farm' },
  })
  const pieces: Uint8Array[] = []
  document.on('data', (piece: Uint8Array) => pieces.push(piece))
  const ended = once(document, 'end')
  document.registerFont('regular', await fonts.regular())
  document.registerFont('bold', await fonts.bold())
  svgToPdf(document, svg, 0, 0, {
    fontCallback: (_family: string, bold: boolean) => (bold ? 'bold' : 'regular'),
  })
  document.end()
  await ended
  return Buffer.concat(pieces)
}
