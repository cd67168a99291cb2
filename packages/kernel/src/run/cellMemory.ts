import { tanhTable } from '@driftfarm/formula'
import { byteNumbers, countOf, isBytes, type TableValues, widen } from '@driftfarm/spec'
import { histogramBins, horizonBytes, horizonPlaces, markPlaces, places } from '../memory/map.ts'
import { wholeAt } from '../outcome/recordFields.ts'
import { type HorizonTally, stepBin, type Tally } from '../outcome/tally.ts'
import { ziggurat } from '../streams/normal.ts'
import { putWhole } from './particleMemory.ts'
import type { PreparedCell } from './prepare.ts'

export function readTally(words: DataView, cell: PreparedCell, horizons: readonly number[]): Tally {
  const { layout, places: shape, free: horizonsAt } = cell
  const exact = (at: number) => words.getBigUint64(at, true)
  const counts = (at: number, length: number) => Array.from({ length }, (_, i) => wholeAt(words, at + 8 * i))
  const wide = (at: number) => (exact(at + 8) << 64n) | exact(at)
  const bytes = horizonBytes(layout)
  const unreached = wholeAt(words, places.tallyUnreached)
  // No event is later than the horizon, so all later bins are empty.
  const bins = Math.min(histogramBins, stepBin(layout.horizon) + 1)
  return {
    trials: wholeAt(words, places.tallyTrials),
    ends: counts(places.tallyEnds, 4),
    escaped: wholeAt(words, places.tallyEscaped),
    exits: counts(shape.exitCounts, layout.exits.length),
    settled: counts(shape.settledCounts, layout.minima.length + 1),
    classes: counts(shape.classCounts, layout.classes.length === 0 ? 0 : layout.classes.length + 1),
    marks: counts(shape.markCounts, layout.marks.length),
    steps: exact(places.tallySteps),
    escapeSteps: exact(places.tallyEscapeSteps),
    escapeStepsSquared: wide(places.tallyEscapeSquares),
    escapeHistogram: nonZero(words, places.escapeHistogram, bins),
    convergeHistogram: nonZero(words, places.convergeHistogram, bins),
    horizons: horizons.map((horizon, index): HorizonTally => {
      const at = horizonsAt + bytes * index
      const exitsAt = at + horizonPlaces.exits
      return {
        horizon,
        escaped: wholeAt(words, at + horizonPlaces.escaped),
        converged: wholeAt(words, at + horizonPlaces.converged),
        diverged: wholeAt(words, at + horizonPlaces.diverged),
        exits: counts(exitsAt, layout.exits.length),
        marks: counts(exitsAt + 8 * layout.exits.length, layout.marks.length),
        atRisk: exact(at + horizonPlaces.atRisk),
        departed: wholeAt(words, at + horizonPlaces.departed),
      }
    }),
    atRisk: exact(places.tallyAtRisk),
    ...(unreached > 0 && { unreached }),
    joint: nonZero(words, shape.jointCounts, 8 * (layout.minima.length + 2)),
    markSteps: layout.marks.map((_, mark) => {
      const at = shape.markSums + markPlaces.end * mark
      return {
        steps: exact(at + markPlaces.steps),
        stepsSquared: wide(at + markPlaces.squares),
        reached: exact(at + markPlaces.reached),
        reachedSquared: wide(at + markPlaces.reachedSquares),
      }
    }),
  }
}

function nonZero(words: DataView, at: number, length: number): [place: number, count: number][] {
  const pairs: [number, number][] = []
  for (let place = 0; place < length; place++) {
    const count = wholeAt(words, at + 8 * place)
    if (count > 0) pairs.push([place, count])
  }
  return pairs
}

export function writeTables(buffer: ArrayBuffer): void {
  const { densities, pairs } = ziggurat()
  new Float64Array(buffer, places.layers, pairs.length).set(pairs)
  new Float64Array(buffer, places.densities, densities.length).set(densities)
  new Float64Array(buffer, places.tanhTable, tanhTable.length).set(tanhTable)
}

/**
 * `before` is the previous cell in this memory, which has the same shape; null if the memory is new and therefore all
 * zeros.
 */
export function writeCell(buffer: ArrayBuffer, cell: PreparedCell, before: PreparedCell | null): void {
  const { key, layout, numbers, places: shape, data, test } = cell
  if (before !== null) clear(buffer, cell)
  const words = new DataView(buffer)
  for (const [index, word] of key.entries()) words.setUint32(places.key0 + 8 * index, word, true)
  putWhole(words, places.horizon, layout.horizon)
  new Float64Array(buffer, shape.numbers, numbers.length).set(numbers)
  if (data === before?.data && test === before?.test) return
  let at = cell.dataAt
  for (const values of [data, test]) if (values !== null) at += writeSamples(buffer, cell, values, at)
}

/** Returns the number of bytes that were written. */
function writeSamples(buffer: ArrayBuffer, cell: PreparedCell, values: TableValues, at: number): number {
  const { asBytes, byteNumbersAt, columns } = cell
  if (asBytes && isBytes(values)) {
    new Float64Array(buffer, byteNumbersAt, 256).set(byteNumbers(values))
    new Uint8Array(buffer, at).set(values.bytes)
    return values.bytes.length
  }
  const into = new Float64Array(buffer, at, countOf(values))
  widen(values, columns, 0, into)
  return into.byteLength
}

/**
 * Zeroes everything that the previous cell left behind, except samples and tables of scales. The next cell may use the
 * same samples. `tabulate` overwrites the tables up to the horizon, and no lane reads beyond the horizon.
 */
function clear(buffer: ArrayBuffer, { places: shape, byteNumbersAt, ordersAt, free }: PreparedCell): void {
  const zero = (from: number, to: number) => new Uint8Array(buffer, from, to - from).fill(0)
  zero(places.control, places.layers)
  zero(places.shape, shape.tables)
  zero(shape.work, byteNumbersAt)
  zero(ordersAt, free)
}
