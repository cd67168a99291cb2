import { colorAt, hasOneScale, hex, type LandscapeScene, linearTicks, quantiles, tickFormat } from '@driftfarm/report'
import { numberText } from './format.ts'

// Where the parts of a landscape are drawn, in pixels, and the picture of its surface.

/** More colours could not be distinguished. */
const bands = 20

export interface Side {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly ticks: readonly (readonly [at: number, text: string])[]
}

export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly across: Side
  readonly up: Side
  /** The lower limits of the bands of a surface; empty for a curve. */
  readonly levels: readonly number[]
  /** In pixels from the upper left corner of the frame. */
  x(value: number): number
  y(value: number): number
}

const margin = { left: 58, right: 16, bar: 86, top: 12, bottom: 44 }

/** The whole picture is `room` pixels wide and at most `most` pixels high. */
export function frameOf(scene: LandscapeScene, room: number, most: number): Frame {
  const isMap = scene.view.length === 2
  const hasSurface = isMap && scene.losses.some((loss) => loss !== null)
  const range = isMap ? scene.view[1]! : lossRange(scene)
  const [[from, to], [low, high]] = [scene.view[0]!, range]
  const free = Math.max(60, room - margin.left - (hasSurface ? margin.bar : margin.right))
  const tall = Math.max(60, most - margin.top - margin.bottom)
  const isEqual = hasSurface && hasOneScale(scene.view)
  const ratio = isEqual ? (high - low) / (to - from) : Math.min(0.62, tall / free)
  const height = Math.round(Math.min(tall, free * ratio))
  const width = isEqual ? Math.round(height / ratio) : free
  return {
    left: margin.left,
    top: margin.top,
    width,
    height,
    across: sideOf(scene.coordinates[0]!, [from, to], width / 70),
    up: sideOf(isMap ? scene.coordinates[1]! : 'loss L', [low, high], height / 45),
    levels: hasSurface ? quantiles(scene.losses, bands) : [],
    x: (value) => ((value - from) / (to - from)) * width,
    y: (value) => height - ((value - low) / (high - low)) * height,
  }
}

export const wholeSize = ({ left, width, top, height, levels }: Frame) => ({
  width: left + width + (levels.length > 0 ? margin.bar : margin.right),
  height: top + height + margin.bottom,
})

function sideOf(name: string, range: readonly [number, number], count: number): Side {
  const ticks = linearTicks(range, Math.max(2, Math.round(count)))
  const textOf = tickFormat(ticks)
  return { name, low: range[0], high: range[1], ticks: ticks.map((tick) => [tick, textOf(tick)] as const) }
}

function lossRange({ losses }: LandscapeScene): readonly [number, number] {
  const known = losses.filter((loss) => loss !== null)
  if (known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const air = 0.06 * (high - low) || 1
  return [low - air, high + air]
}

/** The coordinates and the loss at a pixel, counted from the upper left corner of the frame; null outside. */
export function readingAt({ view, columns, rows, losses }: LandscapeScene, frame: Frame, i: number, j: number) {
  const { width, height, across, up } = frame
  const [right, high] = [i / width, 1 - j / height]
  if (right < 0 || right >= 1 || high <= 0 || high > 1) return null
  const of = ({ name, low, high: most }: Side, share: number) =>
    `${name} ${numberText(Number((low + (most - low) * share).toPrecision(3)))}`
  const place = Math.floor(right * columns)
  const loss = losses[view.length === 1 ? place : Math.min(rows - 1, Math.floor(high * rows)) * columns + place]
  return [
    of(across, right),
    ...(view.length === 1 ? [] : [of(up, high)]),
    ...(loss === undefined ? [] : [`loss L ${numberText(loss)}`]),
  ].join(', ')
}

/** The colour of each band. */
export const bandColors = (levels: readonly number[]): readonly string[] =>
  levels.map((_, at) => hex(colorAt(at / Math.max(1, levels.length - 1))))

const escapeColor = [213, 94, 0] as const

/** Paints bands of loss with lines between them, and hatches the escape set. */
export function paintSurface(image: ImageData, { columns, rows, losses, escapes }: LandscapeScene, frame: Frame): void {
  const { width, height, data } = image
  const { levels } = frame
  const colors = levels.map((_, at) => colorAt(at / Math.max(1, levels.length - 1)))
  const high = levels.at(-1) ?? 0
  const heights = Float64Array.from(losses, (loss) => loss ?? Math.abs(high) * 10 + 1)
  const band = new Uint8Array(width * height)
  const out = new Uint8Array(width * height)
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const place = placeIn(columns, rows, (i + 0.5) / width, 1 - (j + 0.5) / height)
      const loss = interpolated(heights, columns, place)
      let at = 0
      while (at + 1 < levels.length && levels[at + 1]! <= loss) at++
      band[j * width + i] = at
      if (escapes !== undefined && interpolated(escapes, columns, place) > 0.5) out[j * width + i] = 1
    }
  const gap = Math.max(5, Math.round(width / 60))
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const at = j * width + i
      const [right, below] = [i + 1 < width ? at + 1 : at, j + 1 < height ? at + width : at]
      const isLine = band[at] !== band[right] || band[at] !== band[below]
      const isEdge = out[at] !== out[right] || out[at] !== out[below]
      const share = isEdge ? 1 : out[at] === 1 ? ((i + j) % gap === 0 ? 0.75 : 0.12) : 0
      const color = colors[band[at]!] ?? [0, 0, 0]
      for (let channel = 0; channel < 3; channel++)
        data[4 * at + channel] = (1 - share) * color[channel]! * (isLine ? 0.78 : 1) + share * escapeColor[channel]!
      data[4 * at + 3] = 255
    }
}

/** The values at the centres of four pixels of the grid, and their weights. */
function placeIn(columns: number, rows: number, right: number, up: number) {
  const [x, y] = [limited(right * columns - 0.5, columns - 1), limited(up * rows - 0.5, rows - 1)]
  const [i, j] = [Math.min(columns - 2, Math.floor(x)), Math.min(rows - 2, Math.floor(y))]
  return { at: j * columns + i, a: x - i, b: y - j }
}

const limited = (value: number, most: number): number => Math.max(0, Math.min(most, value))

function interpolated(
  values: ArrayLike<number>,
  columns: number,
  { at, a, b }: { readonly at: number; readonly a: number; readonly b: number },
): number {
  const low = values[at]! * (1 - a) + values[at + 1]! * a
  const high = values[at + columns]! * (1 - a) + values[at + columns + 1]! * a
  return low * (1 - b) + high * b
}

/** The stretches of a curve on which trials count as escaped, as ranges of the coordinate. */
export function escapedRanges({ view, columns, escapes = [] }: LandscapeScene): readonly (readonly [number, number])[] {
  const [[low, high] = [0, 1]] = view
  const at = (i: number): number => low + ((high - low) * Math.max(0, Math.min(columns - 1, i))) / (columns - 1)
  const ranges: [number, number][] = []
  escapes.forEach((out, i) => {
    if (out === 1 && escapes[i - 1] !== 1) ranges.push([at(i - 0.5), at(i + 0.5)])
    else if (out === 1) ranges.at(-1)![1] = at(i + 0.5)
  })
  return ranges
}
