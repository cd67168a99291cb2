import { places } from './memory.ts'
import type { PreparedCell } from './prepare.ts'
import type { HorizonTally, Tally } from './tally.ts'

/** The tally as the module counted it. */
export function readTally(words: DataView, cell: PreparedCell, horizons: readonly number[]): Tally {
  const { layout, places: shape, free: horizonsAt } = cell
  const exact = (at: number) => words.getBigUint64(at, true)
  const counts = (at: number, length: number) => Array.from({ length }, (_, i) => Number(exact(at + 8 * i)))
  const [trials, ...ends] = counts(places.tally, 5)
  const bytes = 32 + 8 * (layout.exits.length + layout.marks.length)
  return {
    trials: trials!,
    ends,
    escaped: counts(places.tally + 40, 1)[0]!,
    exits: counts(shape.exitCounts, layout.exits.length),
    settled: counts(shape.settledCounts, layout.minima.length + 1),
    classes: counts(shape.classCounts, layout.classes.length === 0 ? 0 : layout.classes.length + 1),
    marks: counts(shape.markCounts, layout.marks.length),
    steps: exact(places.tally + 48),
    escapeSteps: exact(places.tally + 56),
    escapeStepsSquared: (exact(places.tally + 72) << 64n) | exact(places.tally + 64),
    escapeHistogram: histogram(words, places.escapeHistogram),
    convergeHistogram: histogram(words, places.convergeHistogram),
    horizons: horizons.map((horizon, index): HorizonTally => {
      const at = horizonsAt + bytes * index
      const [escaped, converged, diverged] = counts(at + 8, 3)
      return {
        horizon,
        escaped: escaped!,
        converged: converged!,
        diverged: diverged!,
        exits: counts(at + 32, layout.exits.length),
        marks: counts(at + 32 + 8 * layout.exits.length, layout.marks.length),
      }
    }),
  }
}

function histogram(words: DataView, at: number): [bin: number, count: number][] {
  const pairs: [number, number][] = []
  for (let bin = 0; bin < places.histogramBins; bin++) {
    const count = Number(words.getBigUint64(at + 8 * bin, true))
    if (count > 0) pairs.push([bin, count])
  }
  return pairs
}
