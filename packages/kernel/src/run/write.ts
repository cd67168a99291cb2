import { tanhTable } from '@driftfarm/formula'
import { ziggurat } from '../streams/ziggurat.ts'
import { places } from './memory.ts'
import type { PreparedCell } from './prepare.ts'

/** The layers of the ziggurat as pairs (ratio, width), in the order in which `assembly/normal.ts` reads them. */
let layers: Float64Array | null = null

function layersOfZiggurat(): Float64Array {
  const { ratios, widths } = ziggurat()
  layers ??= Float64Array.from({ length: 2 * ratios.length }, (_, i) => (i % 2 === 0 ? ratios : widths)[i >> 1]!)
  return layers
}

export function writeTables(buffer: ArrayBuffer): void {
  const { densities } = ziggurat()
  const table = layersOfZiggurat()
  new Float64Array(buffer, places.layers, table.length).set(table)
  new Float64Array(buffer, places.densities, densities.length).set(densities)
  new Float64Array(buffer, places.tanhTable, tanhTable.length).set(tanhTable)
}

/**
 * `before` is the previous cell in this memory, which has the same shape; null if the memory is new and therefore all
 * zeros.
 */
export function writeCell(buffer: ArrayBuffer, cell: PreparedCell, before: PreparedCell | null): void {
  const { key, layout, numbers, places: shape, data, dataAt } = cell
  if (before !== null) clear(buffer, cell)
  const words = new DataView(buffer)
  for (const [index, word] of key.entries()) words.setUint32(places.key + 8 * index, word, true)
  words.setUint32(places.horizon, layout.horizon % 2 ** 32, true)
  words.setUint32(places.horizon + 4, layout.horizon / 2 ** 32, true)
  new Float64Array(buffer, shape.numbers, numbers.length).set(numbers)
  if (data !== null && data !== before?.data) new Float64Array(buffer, dataAt, data.length).set(data)
}

/**
 * Zeroes everything that the previous cell left behind, except samples and tables of scales. The next cell may use the
 * same samples. `tabulate` overwrites the tables up to the horizon, and no lane reads beyond the horizon.
 */
function clear(buffer: ArrayBuffer, { places: shape, data, dataAt, free }: PreparedCell): void {
  const zero = (from: number, to: number) => new Uint8Array(buffer, from, to - from).fill(0)
  zero(places.control, places.layers)
  zero(places.shape, shape.tables)
  zero(shape.work, dataAt)
  zero(dataAt + 8 * (data?.length ?? 0), free)
}
