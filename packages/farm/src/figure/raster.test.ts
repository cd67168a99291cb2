import type { Figure } from '@driftfarm/report'
import { numberAxis } from '@driftfarm/report'
import { drawingOf, headlessDocument } from '@driftfarm/report/drawing'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { pngOf } from './print.ts'

const side = 100
const levels = 7
/** No two neighbours are equal, so a moved, smoothed or mirrored map cannot pass. */
const valueOf = (column: number, row: number): number => (3 * column + 2 * row + ((column * row) >> 4)) % levels

const figure: Figure = {
  figure: 'map',
  title: 'map',
  sweep: null,
  of: null,
  x: numberAxis('a', [-0.5, side - 0.5]),
  y: numberAxis('b', [-0.5, side - 0.5]),
  color: numberAxis('value', [0, levels - 1]),
  seriesTitle: null,
  series: [],
  layers: [
    {
      type: 'tiles',
      tiles: Array.from({ length: side * side }, (_, cell) => {
        const [x, y] = [cell % side, Math.floor(cell / side)]
        return {
          cell,
          x,
          y,
          value: valueOf(x, y),
          low: null,
          high: null,
          limit: null,
          doubt: null,
          state: 'done',
          text: '',
        }
      }),
    },
  ],
  panels: [],
  caption: [],
}

type Pixels = (x: number, y: number) => string

/** The colours of an image, as texts. */
function pixelsOf(bytes: Uint8Array): Pixels {
  const { data, width, channels } = decode(bytes)
  return (x, y) => [0, 1, 2].map((channel) => data[channels * (y * width + x) + channel]).join()
}

/** The value that each colour stands for. Fails if a colour stands for two values. */
function legendOf(at: Pixels, placeOf: (column: number, row: number) => readonly (readonly [number, number])[]) {
  const legend = new Map<string, number>()
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      for (const [x, y] of placeOf(column, row)) {
        const color = at(x, y)
        const known = legend.get(color) ?? valueOf(column, row)
        if (known !== valueOf(column, row)) expect.fail(`cell ${column}, ${row} has the colour of ${known}`)
        legend.set(color, known)
      }
  return legend
}

test('each cell of a large map has exactly the colour of its value, in SVG and PNG', async () => {
  const { svg, frame } = drawingOf(figure, { document: headlessDocument() })
  const bitmap = Buffer.from(/data:image\/png;base64,([^"]*)/.exec(svg)![1]!, 'base64')
  const inSvg = legendOf(pixelsOf(bitmap), (column, row) => [[column, side - 1 - row]])
  expect([...inSvg.values()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  const png = pixelsOf(await pngOf(svg, (warning) => expect.fail(warning)))
  // A PNG has two pixels for one of the drawing. The outermost tenths of a cell may be on the edge of a pixel.
  const place = (start: number, length: number, cell: number) =>
    [0.25, 0.5, 0.75].map((part) => Math.floor(2 * (start + ((cell + part) * length) / side)))
  const inPng = legendOf(png, (column, row) =>
    place(frame.left, frame.width, column).flatMap((x) =>
      place(frame.top, frame.height, side - 1 - row).map((y) => [x, y] as const),
    ),
  )
  // Smoothing would make colours between those of the cells.
  expect(inPng).toEqual(inSvg)
})
