import { type HorizonTally, stepBin, type Tally } from '../outcome/tally.ts'
import { horizonBytes, markBytes, places } from './memory.ts'
import type { PreparedCell } from './prepare.ts'

export function readTally(words: DataView, cell: PreparedCell, horizons: readonly number[]): Tally {
  const { layout, places: shape, free: horizonsAt } = cell
  const exact = (at: number) => words.getBigUint64(at, true)
  const counts = (at: number, length: number) => {
    const found = new Array<number>(length)
    for (let i = 0; i < length; i++) found[i] = countAt(words, at + 8 * i)
    return found
  }
  const [trials, ...ends] = counts(places.tally, 5)
  const wide = (at: number) => (exact(at + 8) << 64n) | exact(at)
  const bytes = horizonBytes(layout)
  // No event is later than the horizon, so all later bins are empty.
  const bins = Math.min(places.histogramBins, stepBin(layout.horizon) + 1)
  return {
    trials: trials!,
    ends,
    escaped: countAt(words, places.tally + 40),
    exits: counts(shape.exitCounts, layout.exits.length),
    settled: counts(shape.settledCounts, layout.minima.length + 1),
    classes: counts(shape.classCounts, layout.classes.length === 0 ? 0 : layout.classes.length + 1),
    marks: counts(shape.markCounts, layout.marks.length),
    steps: exact(places.tally + 48),
    escapeSteps: exact(places.tally + 56),
    escapeStepsSquared: wide(places.tally + 64),
    escapeHistogram: nonZero(words, places.escapeHistogram, bins),
    convergeHistogram: nonZero(words, places.convergeHistogram, bins),
    horizons: horizons.map((horizon, index): HorizonTally => {
      const at = horizonsAt + bytes * index
      const [escaped, converged, diverged] = counts(at + 8, 3)
      return {
        horizon,
        escaped: escaped!,
        converged: converged!,
        diverged: diverged!,
        exits: counts(at + 48, layout.exits.length),
        marks: counts(at + 48 + 8 * layout.exits.length, layout.marks.length),
        atRisk: exact(at + 32),
        departed: countAt(words, at + 40),
      }
    }),
    atRisk: exact(places.tally + 80),
    ...unreachedOf(countAt(words, places.tally + 88)),
    joint: nonZero(words, shape.jointCounts, 8 * (layout.minima.length + 2)),
    markSteps: layout.marks.map((_, mark) => {
      const at = shape.markSums + markBytes * mark
      return { steps: exact(at), stepsSquared: wide(at + 8), reached: exact(at + 24), reachedSquared: wide(at + 32) }
    }),
  }
}

function unreachedOf(unreached: number): Pick<Tally, 'unreached'> {
  return unreached === 0 ? {} : { unreached }
}

function nonZero(words: DataView, at: number, length: number): [place: number, count: number][] {
  const pairs: [number, number][] = []
  for (let place = 0; place < length; place++) {
    const count = countAt(words, at + 8 * place)
    if (count > 0) pairs.push([place, count])
  }
  return pairs
}

/** Reads a count below 2^53 in two halves. Reading a thousand bins as bigints would take longer than a few trials. */
function countAt(words: DataView, at: number): number {
  return words.getUint32(at + 4, true) * 2 ** 32 + words.getUint32(at, true)
}
