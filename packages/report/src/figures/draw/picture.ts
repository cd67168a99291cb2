import * as Plot from '@observablehq/plot'
import { encode } from 'fast-png'

/** Pixels from the upper left, three bytes each: red, green, blue. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

interface Size {
  readonly width: number
  readonly height: number
}

const none = [200, 200, 207] as const

/** Returns a grey if `fill` is not a colour such as #1b1b1f. */
export const rgbOf = (fill: string | undefined): readonly number[] =>
  fill?.startsWith('#') ? [1, 3, 5].map((place) => Number.parseInt(fill.slice(place, place + 2), 16)) : none

/** Pixels as a picture that covers exactly the area inside the axes of a plot. */
export function pictureOf(pixels: Pixels, { width, height }: Size): Plot.Markish {
  const png = encode({ ...pixels, channels: 3, depth: 8 })
  const uri = `data:image/png;base64,${base64(png)}`
  return Plot.image([0], {
    src: () => uri,
    frameAnchor: 'middle',
    width,
    height,
    preserveAspectRatio: 'none',
    imageRendering: 'pixelated',
  })
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}
