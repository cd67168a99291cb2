import { inflateSync } from 'node:zlib'
import { decode, encode } from 'fast-png'
import { expect, test } from 'vitest'
import { pdfOf, pngOf } from './print.ts'

test('a bitmap in a PNG file keeps its colours: nothing is smoothed between cells', async () => {
  const [width, height] = [3, 2]
  const cells = [10, 200, 90, 250, 0, 120]
  const data = Uint8Array.from(cells.flatMap((value) => [value, value, value]))
  const bitmap = Buffer.from(encode({ width, height, data, channels: 3, depth: 8 })).toString('base64')
  const drawing = (rendering: string) =>
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><image width="90" height="60" ' +
    `preserveAspectRatio="none" image-rendering="${rendering}" href="data:image/png;base64,${bitmap}"/></svg>`
  const shades = async (rendering: string): Promise<number[]> => {
    const png = decode(await pngOf(drawing(rendering), (warning) => expect.fail(warning)))
    return [...new Set(png.data.filter((_, at) => at % png.channels === 0))].sort((a, b) => a - b)
  }
  expect(await shades('pixelated')).toEqual([...cells].sort((a, b) => a - b))
  // Negative control: smoothing makes shades that no cell has.
  expect((await shades('auto')).length).toBeGreaterThan(cells.length)
})

test.each([
  // Modes of text: 0 fills, 2 fills and then draws the edge.
  ['below', ' paint-order="stroke"', ['2', '0']],
  ['above', '', ['2']],
])('the edge of a text in a PDF file is %s its fill, as in the drawing', async (_, order, modes) => {
  const text = `<g stroke="#fff" stroke-width="3" fill="#123"${order}><text x="5" y="20">name</text></g>`
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">${text}</svg>`
  const pdf = Buffer.from(await pdfOf(drawing, 'title', (warning) => expect.fail(warning))).toString('latin1')
  const page = inflateSync(Buffer.from(/stream\n(.*?)\nendstream/s.exec(pdf)![1]!, 'latin1')).toString()
  expect([...page.matchAll(/(\d) Tr/g)].map(([, mode]) => mode)).toEqual(modes)
})
