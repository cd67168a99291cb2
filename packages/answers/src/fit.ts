import { cellOf, cellsOf, type Database, dataReader } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import {
  type FitData,
  type FitOptions,
  type FitTheory,
  fitData,
  fitsOf,
  type OnCells,
  type Told,
} from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { type BarrierTemperature, isDoubt, type JudgedCell, readFitFormula, type SweepFit } from '@driftfarm/statistics'
import { type BarrierHeight, barrierHeight, barrierTemperature, type Refusal } from '@driftfarm/theory'
import { withResults } from './results.ts'
import { type NoisyCell, sharedNoiseOf } from './sharedNoise.ts'

/**
 * Fits over the cells of a sweep, with what the temperatures of their noise tell about the coefficients, and what
 * theory knows of the barrier. Of each cell it holds its swept values, its estimates and what makes them doubtful.
 */
export async function fitOfSweep(
  database: Database,
  sweepId: string,
  formula: string,
  { onCells = () => undefined, ...options }: FitOptions & { readonly onCells?: OnCells } = {},
): Promise<Told<FitData>> {
  const { head, cells, warnings } = await withResults(database, sweepId, async (results) => {
    const all: JudgedCell[] = []
    for await (const { index, id, params, trials, estimates, checks } of results.cells()) {
      all.push({ index, id, params, trials: Number(trials), estimates, checks: checks.filter(isDoubt) })
      onCells(all.length, results.head.sweep.cells)
    }
    return { head: results.head, cells: all, warnings: results.warnings }
  })
  const temperatures = new Map<number, BarrierTemperature>()
  const wells = new Wells()
  const noisy: NoisyCell[] = []
  const { estimate: of } = readFitFormula(formula)
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  for await (const { index, cell } of cellsOf(database, { id: sweepId, cells: cells.length })) {
    temperatures.set(index, barrierTemperature(cell))
    wells.see(index, cell)
    const known = byIndex.get(index)
    if (cell.streams !== 'common' || known === undefined) continue
    const { id, trials, estimates } = known
    const after = estimates[of]?.after ?? 0
    noisy.push({ index, id, trials, layout: layoutOf(cell), commonSeed: cell.seed, after })
  }
  const shared = await sharedNoiseOf(database, noisy, of)
  const correlated = cells.map((cell) => ({ ...cell, noise: shared.get(cell.index) }))
  const found = fitsOf(correlated, formula, temperatures, options)
  const theories = new Map<SweepFit, FitTheory>()
  for (const { fit } of found.fits) {
    if (fit.barrier === null) continue
    const ordered = byTemperature(fit, temperatures)
    theories.set(
      fit,
      theories.size < mostTheories
        ? await theoryOf(database, sweepId, ordered, wells)
        : noTheory(ordered[0]!, `theory is asked about the first ${mostTheories} fits`),
    )
  }
  return {
    data: fitData({ sweep: head.sweep, formula, where: options.where }, cells, found, (fit) => theories.get(fit)!),
    warnings: [...warnings, ...found.warnings],
  }
}

/** The cells of a fit from the coldest to the hottest. */
function byTemperature({ indices }: SweepFit, temperatures: ReadonlyMap<number, BarrierTemperature>): number[] {
  const of = (index: number): number => {
    const known = temperatures.get(index)
    return known !== undefined && 'temperature' in known ? known.temperature : Number.NaN
  }
  return indices.toSorted((a, b) => of(a) - of(b))
}

/** Which cells start in the same well and leave it by the same event: they have one barrier. */
class Wells {
  readonly #numbers = new Map<string, number>()
  readonly #ofCell = new Map<number, number>()

  see(index: number, { landscape, start, trial }: Cell): void {
    const key = JSON.stringify([landscape, start, trial.escape, trial.minima])
    const number = this.#numbers.get(key) ?? this.#numbers.size
    // Beyond so many nobody compares them, and a sweep of landscapes may have a million.
    if (number <= mostWells) this.#numbers.set(key, number)
    this.#ofCell.set(index, number)
  }

  /** The first of these cells in each well; more wells than `mostWells` count as one more. */
  firstOfEach(indices: readonly number[]): number[] {
    const first = new Map<number, number>()
    for (const index of indices) {
      const well = this.#ofCell.get(index)!
      if (!first.has(well)) first.set(well, index)
    }
    return [...first.values()]
  }
}

/** A search for saddles may take a second, and a fit by many values or over many landscapes would take minutes. */
const mostTheories = 50
const mostWells = 8
/** Heights of one barrier, found from two cells, agree better than this. */
const same = 1e-6

const names: Readonly<Partial<Record<BarrierHeight['law'], string>>> = {
  'eyring-kramers': 'Eyring and Kramers',
  'freidlin-wentzell': 'Freidlin and Wentzell',
}

const noTheory = (cell: number, text: string): FitTheory => ({ barrier: null, law: null, cell, text })

/**
 * The barrier by theory of the coldest cell of a fit, where its laws hold best, if those of all other wells are as
 * high. Whether the law holds in the hottest cell as well is told.
 */
async function theoryOf(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  wells: Wells,
): Promise<FitTheory> {
  const [coldest, hottest] = [indices[0]!, indices.at(-1)!]
  const others = wells.firstOfEach(indices).slice(1)
  if (others.length >= mostWells) return noTheory(coldest, 'theory has no one exponent for cells of so many landscapes')
  const dataOf = dataReader(database)
  const heightOf = async (index: number): Promise<BarrierHeight | Refusal> => {
    const { cell } = await cellOf(database, sweepId, index)
    return barrierHeight(cell, await dataOf(cell))
  }
  const cold = await heightOf(coldest)
  if ('reason' in cold) return noTheory(coldest, `theory has no exponent for the coldest cell: ${cold.reason}`)
  const said = (height: number) => String(Number(height.toPrecision(6)))
  for (const index of others) {
    const other = await heightOf(index)
    if ('reason' in other) return noTheory(coldest, `theory has no exponent for cell ${index}: ${other.reason}`)
    if (Math.abs(other.height / cold.height - 1) > same)
      return noTheory(
        coldest,
        `theory has no one exponent for these cells: the barrier is ${said(cold.height)} in cell ${coldest} and ` +
          `${said(other.height)} in cell ${index}`,
      )
  }
  const hot = await heightOf(hottest)
  return {
    barrier: cold.height,
    law: cold.law,
    cell: coldest,
    text:
      `the exponent of ${names[cold.law] ?? cold.law} is ${said(cold.height)}/T, by the height of the barrier above ` +
      `the start's minimum in the coldest cell` +
      ('reason' in hot ? `; their law does not hold in the hottest: ${hot.reason}` : ''),
  }
}
