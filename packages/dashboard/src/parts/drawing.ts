import type { Figure } from '@driftfarm/report'
import { type Drawing, drawingOf, svgOf } from '@driftfarm/report/drawing'

// This file is loaded only when a figure is shown, because drawing needs a library that the first view does not need.

/** Without caption. If `maxHeight` is given, the title is left out, too. */
export function drawn(figure: Figure, width: number, maxHeight?: number): Drawing {
  const size = maxHeight === undefined ? { width } : { width, maxHeight, plain: true }
  return drawingOf({ ...figure, caption: [] }, { document, theme: 'page', ...size })
}

export const asFile = (figure: Figure, plain: boolean): string =>
  svgOf(figure, { document, theme: 'light', width: 720, plain })

/** Two pixels per unit, as in the files that a farm makes. */
const density = 2

/** A picture of the figure, drawn by the browser with its own fonts. */
export async function asPng(figure: Figure, plain: boolean): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([asFile(figure, plain)], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * density
    canvas.height = image.naturalHeight * density
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), 'image/png'))
  } finally {
    URL.revokeObjectURL(url)
  }
}
