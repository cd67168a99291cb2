import { cellOf, cellsOf, type Database, dataReader } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import { type FitTheory, fitData, fitsOf } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import {
  type BarrierGround,
  type BarrierTemperature,
  contradicts,
  fitWithoutBarrier,
  isDoubt,
  type JudgedCell,
  readFitFormula,
  type SweepFit,
} from '@driftfarm/statistics'
import {
  type BarrierHeight,
  barrierGround,
  barrierHeight,
  barrierTemperature,
  type NotApplicable,
} from '@driftfarm/theory'
import type { Answering } from '../answering.ts'
import { withResults } from '../results.ts'
import { type CellWithNoise, sharedNoiseOf } from '../sharedNoise.ts'

/**
 * Fits a formula to the cells of a sweep. The result also contains the barrier that follows from the coefficients, if
 * there is one, and the barrier predicted by theory. Keeps all cells in memory, each with its swept values, its
 * estimates and the reasons to doubt these estimates.
 */
export const fit: Answering<'fit'> = async ({ database }, { sweep: sweepId, formula, ...options }, onCells) => {
  const { head, cells, warnings } = await withResults(database, sweepId, async (results) => {
    const all: JudgedCell[] = []
    for await (const { index, id, params, trials, estimates, checks } of results.cells()) {
      all.push({ index, id, params, trials: Number(trials), estimates, checks: checks.filter(isDoubt) })
      onCells(all.length, results.head.sweep.cells)
    }
    return { head: results.head, cells: all, warnings: results.warnings }
  })
  const temperatures = new Map<number, BarrierTemperature>()
  const wells = sharedWells()
  const noisy: CellWithNoise[] = []
  const { estimate: of, link } = readFitFormula(formula)
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  const groundOf = link === 'log' ? barrierGrounds(database) : null
  for await (const { index, cell } of cellsOf(database, { id: sweepId, cells: cells.length })) {
    const noise = barrierTemperature(cell)
    const isKnown = !('unknown' in noise)
    temperatures.set(index, isKnown && groundOf !== null ? { ...noise, ground: await groundOf(cell) } : noise)
    wells.add(index, cell)
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
  const fits: (typeof found.fits)[number][] = []
  for (const { at, fit } of found.fits) {
    const ordered = byTemperature(fit, temperatures)
    let agreed = fit
    if (fit.barrier !== null) {
      const theory =
        theories.size < maxTheories
          ? await theoryOf(database, sweepId, ordered, wells)
          : noTheory(ordered[0]!, `theory is computed only for the first ${maxTheories} fits`)
      const coldestFirst = ordered.map((index) => temperatures.get(index)!)
      agreed = withoutContradictedBarrier(fit, theory, coldestFirst)
      theories.set(agreed, theory)
    }
    fits.push({ at, fit: agreed })
  }
  const request = { sweep: head.sweep, formula, where: options.where }
  const data = fitData(request, cells, { ...found, fits }, (fit) => theories.get(fit)!)
  return { data, warnings: [...warnings, ...found.warnings] }
}

/**
 * Removes the barrier from a fit if this barrier contradicts the one predicted by theory. Theory describes escape
 * through any exit, so fits of a single exit are not compared with theory.
 */
function withoutContradictedBarrier(
  fit: SweepFit,
  theory: FitTheory,
  temperatures: readonly BarrierTemperature[],
): SweepFit {
  if (theory.barrier === null || !/^escape(Rate)?(@|$)/.test(fit.formula.estimate)) return fit
  const known = temperatures.flatMap((each) => ('temperature' in each ? [each.temperature] : []))
  const range = { coldest: known[0]!, hottest: known.at(-1)! }
  const fault = contradicts(fit.barrier!, { height: theory.barrier, ...range })
  return fault === null ? fit : fitWithoutBarrier(fit, [fault])
}

/**
 * In most sweeps, cells differ only in the amount of noise. A `BarrierGround` does not depend on the amount of noise,
 * so it is computed once for all such cells.
 */
function barrierGrounds(database: Database): (cell: Cell) => Promise<BarrierGround> {
  const known = new Map<string, BarrierGround>()
  const dataOf = dataReader(database)
  return async (cell) => {
    const { landscape, start, trial, update } = cell
    const drift = update.drift.map(({ amount: _, ...entry }) => entry)
    const key = JSON.stringify([landscape, start, trial, { ...update, drift }])
    const kept = known.get(key)
    if (kept !== undefined) return kept
    if (known.size >= maxGrounds) return { horizon: trial.steps, relaxation: null, height: null, fault: tooMany }
    const ground = await barrierGround(cell, await dataOf(cell))
    known.set(key, ground)
    return ground
  }
}

function byTemperature({ indices }: SweepFit, temperatures: ReadonlyMap<number, BarrierTemperature>): number[] {
  const of = (index: number): number => {
    const known = temperatures.get(index)
    return known && 'temperature' in known ? known.temperature : Number.NaN
  }
  return indices.toSorted((a, b) => of(a) - of(b))
}

/** Groups cells that start in the same well, leave it by the same event, and therefore have the same barrier. */
function sharedWells() {
  const numbers = new Map<string, number>()
  const ofCell = new Map<number, number>()
  return {
    add(index: number, { landscape, start, trial }: Cell): void {
      const key = JSON.stringify([landscape, start, trial.escape, trial.minima])
      const number = numbers.get(key) ?? numbers.size
      // Theory compares at most `maxWells` wells, so `maxWells` + 1 keys are enough. A sweep over landscapes may have
      // 10^6 wells.
      if (number <= maxWells) numbers.set(key, number)
      ofCell.set(index, number)
    },
    /** Returns the first cell in each well. All wells without a stored key together count as one well. */
    firstOfEach(indices: readonly number[]): readonly number[] {
      const seen = new Set<number>()
      return indices.filter((index) => {
        const well = ofCell.get(index)!
        return !seen.has(well) && seen.add(well)
      })
    },
  }
}

/**
 * Limits on the number of searches for saddles. A search may take a second, so hundreds of fits or landscapes with a
 * search each would take minutes.
 */
const maxTheories = 50
const maxGrounds = 100
const tooMany = {
  text: `only ${maxGrounds} different combinations of well, start and rule are examined`,
  hint: 'use `--where` to select cells with fewer combinations',
}
const maxWells = 8
const relativeTolerance = 1e-6

const names: Readonly<Partial<Record<BarrierHeight['law'], string>>> = {
  'eyring-kramers': 'Eyring-Kramers',
  'freidlin-wentzell': 'Freidlin-Wentzell',
}

const noTheory = (cell: number, text: string): FitTheory => ({ barrier: null, law: null, cell, text })

/**
 * Uses the coldest cell of a fit, where the asymptotic laws hold best. Returns no barrier if theory does not apply, or
 * if another well has a barrier of a different height.
 */
async function theoryOf(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  wells: ReturnType<typeof sharedWells>,
): Promise<FitTheory> {
  const [coldest, hottest] = [indices[0]!, indices.at(-1)!]
  const others = wells.firstOfEach(indices).slice(1)
  if (others.length >= maxWells)
    return noTheory(coldest, `theory is computed for at most ${maxWells} different wells, and these cells have more`)
  const dataOf = dataReader(database)
  const heightOf = async (index: number): Promise<BarrierHeight | NotApplicable> => {
    const { cell } = await cellOf(database, sweepId, index)
    return barrierHeight(cell, await dataOf(cell))
  }
  const cold = await heightOf(coldest)
  if ('reason' in cold) return noTheory(coldest, `theory gives no exponent for the coldest cell: ${cold.reason}`)
  const said = (height: number) => String(Number(height.toPrecision(6)))
  for (const index of others) {
    const other = await heightOf(index)
    if ('reason' in other) return noTheory(coldest, `theory gives no exponent for cell ${index}: ${other.reason}`)
    if (Math.abs(other.height / cold.height - 1) > relativeTolerance)
      return noTheory(
        coldest,
        `theory gives no single exponent for these cells: the barrier is ${said(cold.height)} in cell ${coldest} and ` +
          `${said(other.height)} in cell ${index}`,
      )
  }
  const hot = await heightOf(hottest)
  return {
    barrier: cold.height,
    law: cold.law,
    cell: coldest,
    text:
      `by the ${names[cold.law] ?? cold.law} law the exponent is ${said(cold.height)}/T, where ` +
      `${said(cold.height)} is the height of the barrier above the start's minimum in the coldest cell` +
      ('reason' in hot ? `; this law does not hold in the hottest cell: ${hot.reason}` : ''),
  }
}
