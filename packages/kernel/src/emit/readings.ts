import {
  type Broadcast,
  type Cell,
  comparesEnds,
  type Drift,
  lawNumber,
  type NetworkLandscape,
  type Shape,
  settleTolerance,
  stepSamples,
  type Trial,
} from '@driftfarm/spec'
import { samplesOf } from '../model/cell.ts'
import { everyValues } from '../model/conditions.ts'
import { etaFactors, keepingOf, lossScales } from '../model/network.ts'
import { ruleParameters, statesOf } from '../model/rule.ts'
import { scaleParameters, scalePieces } from '../model/schedule.ts'
import { initRuns, startPlan } from '../model/start.ts'

/*
 * Functions that read from a cell the numbers that its compiled module uses. The cached templates of cells
 * (`run/prepare.ts`) keep these functions in memory. A function that is defined inside a code writer would keep the
 * whole writer in memory as well, so all of them are defined here.
 */

/**
 * Reads numbers from a cell. The length of the result is the same for all cells of one structure
 * (`model/structure.ts`). Cells of one structure have the same kinds of events, noise shapes and landscapes, so a
 * reading casts each of these parts to the type of its kind without a check.
 */
export type Reading = (of: Valued) => readonly number[]
export type NumberReading = (of: Valued) => number

export function alike(...values: readonly number[]): Reading {
  return () => values
}

export function only(read: NumberReading): Reading {
  return (of) => [read(of)]
}

export function parameter(name: string): NumberReading {
  return ({ parameters }) => parameters.get(name)!
}

/** The start and the value of each piece of a schedule. */
export function piecesNamed(name: string): Reading {
  return ({ pieces }) => pieces.get(name)!.flat()
}

export const initialStates: Reading = ({ cell }) => statesOf(cell.update.rule).map(({ initial }) => initial)

/**
 * The numbers that define the start. For a point, these are its coordinates. A uniform or Gaussian start has two
 * numbers for each coordinate, and `init` has three for each layer of the network.
 */
export const startNumbers: Reading = ({ cell: { landscape, start } }) => {
  const spread = (value: Broadcast) =>
    typeof value === 'number' ? new Array<number>(landscape.dimension).fill(value) : value
  const { drawn } = startPlan(start)
  switch (drawn.kind) {
    case 'point':
      return drawn.point
    case 'uniform':
      return [...spread(drawn.low), ...spread(drawn.high)]
    case 'gaussian':
      return [...spread(drawn.mean), ...spread(drawn.sigma)]
    case 'stored':
    case 'train':
      // `withPoint` replaces stored points; trained points of each trial are in a table of their own.
      return []
    case 'init':
      return initRuns(landscape, drawn.law).flatMap(({ weights, sigma, biases }) => [weights, sigma, biases])
  }
}

/**
 * A table with one row for each kind of descent: eta, the squared tolerance, and the largest number of steps. The rows
 * of the descents of the start come first. The next row is for the descent from theta_0, which finds the basin of
 * theta_0. The next row is for the later descents, which test for an escape from this basin. The last row is for the
 * quench. If the cell lacks one of the last three kinds, its row contains zeros.
 */
export const descentTable: Reading = ({ cell: { start, trial } }) => {
  const basin = trial.escape?.kind === 'basin' ? trial.escape.descent : null
  const table: number[] = []
  for (const descent of [...startPlan(start).descents, basin, basin, trial.quench]) {
    if (descent === null) table.push(0, 0, 0)
    else table.push(descent.eta, squared(descent.gradient), descent.steps)
  }
  return table
}

export const sampleRows: NumberReading = ({ cell }) => samplesOf(cell)?.rows ?? 0
export const testRows: NumberReading = ({ cell }) => samplesOf(cell)?.testRows ?? 0
export const batchSize: NumberReading = ({ cell }) => samplesOf(cell)?.batch?.size ?? 0
/** The probability that a label is flipped, or the standard deviation of the noise of targets. */
export const labelNoise: NumberReading = ({ cell: { landscape } }) => {
  const noise = landscape.kind === 'population' ? undefined : landscape.labelNoise
  return noise === undefined ? 0 : 'flip' in noise ? noise.flip : noise.sigma
}
/** Two numbers for each hidden layer. */
export const dropout: Reading = (of) => keepingOf(networkOf(of)).flatMap(({ threshold, scale }) => [threshold, scale])

export const decay: NumberReading = (of) => networkOf(of).decay
export const lossTerms: NumberReading = (of) => lossScales(networkOf(of), sampleRows(of)).terms
export const testTerms: NumberReading = (of) => lossScales(networkOf(of), testRows(of)).terms
export const stepTerms: NumberReading = (of) => lossScales(networkOf(of), stepSamples(networkOf(of))).terms
export const gradientScale: NumberReading = (of) => lossScales(networkOf(of), sampleRows(of)).gradient
export const sampleScale: NumberReading = (of) => lossScales(networkOf(of), 1).gradient
export const batchScale: NumberReading = (of) => lossScales(networkOf(of), stepSamples(networkOf(of))).gradient

function networkOf({ cell }: Valued): NetworkLandscape {
  return cell.landscape as NetworkLandscape
}

export const clip: NumberReading = ({ cell }) => cell.update.clip!
export const samRho: NumberReading = ({ cell }) => cell.update.sam!.rho
export const decoupledDecay: NumberReading = ({ cell }) => cell.update.decoupledDecay!
export const etaByLayer: Reading = ({ cell }) => [...etaFactors(cell)]
export const etaRoots: Reading = ({ cell }) => [...etaFactors(cell).map(Math.sqrt)]

export function everyOf(entry: number): NumberReading {
  return ({ cell }) => cell.update.drift[entry]!.every
}

/** Valid only for an entry whose distribution has a parameter. */
export function lawNumberOf(entry: number): NumberReading {
  return ({ cell }) => lawNumber((cell.update.drift[entry] as Extract<Drift, { law: unknown }>).law)!
}

/** Valid only for an anisotropic entry: the entries of its matrix, or its power and its trace. */
export function shapeNumbers(entry: number): Reading {
  return ({ cell }) => {
    const { shape } = cell.update.drift[entry] as Extract<Drift, { shape: Shape }>
    if (shape.kind === 'diagonal') return shape.values
    return shape.kind === 'matrix' ? shape.rows.flat() : [shape.power, shape.trace ?? 0]
  }
}

/** If the method is a tilt, the fraction of trials that keep their original noise; otherwise 0 (unused). */
export const originalShare: NumberReading = ({ cell: { method } }) => (method.kind === 'tilt' ? method.original : 0)

export const warmup: NumberReading = ({ cell }) => cell.trial.warmup
export const divergence: NumberReading = ({ cell }) => cell.trial.divergence
export const basinEvery: NumberReading = ({ cell }) => basin(cell.trial)?.every ?? 0
export const everyTable: Reading = ({ cell }) => everyValues(cell.trial)
export const basinTolerance: NumberReading = ({ cell }) => basin(cell.trial)?.descent.gradient ?? 0
export const settleToleranceOf: NumberReading = ({ cell }) => settleTolerance(cell.trial) ?? 0
export const settledRadiusSquared: NumberReading = ({ cell }) => squared(cell.trial.settledRadius)
export const hold: NumberReading = ({ cell }) => cell.trial.converge?.hold ?? 0
export const toleranceSquared: NumberReading = ({ cell }) =>
  squared((cell.trial.converge as Extract<Trial['converge'], { kind: 'gradient' }>).tolerance)
export const outsideRadiusSquared: NumberReading = ({ cell }) => squared(outside(cell.trial).radius)
export const outsidePoint: Reading = ({ cell }) => outside(cell.trial).of
export const withinRadiusSquared: NumberReading = ({ cell }) => squared(within(cell.trial).radius)

/**
 * The coordinates of the minima, one minimum after the other. Empty if the end points of descents are not compared with
 * minima.
 */
export const minimaCompared: Reading = ({ cell: { trial } }) =>
  comparesEnds(trial) ? trial.minima.flatMap(([, at]) => at) : []

export function minimumPoint(index: number): Reading {
  return ({ cell }) => cell.trial.minima[index]![1]
}

export function centrePoint(index: number): Reading {
  return ({ cell }) => within(cell.trial).of[index]![1]
}

/**
 * For each centre of convergence, the number of the minimum with the same name, counted from 1; 0 if no minimum has the
 * name.
 */
export const minimaOfCentres: Reading = ({ cell: { trial } }) => {
  if (trial.converge?.kind !== 'within') return []
  return trial.converge.of.map(([name]) => (name === '' ? 0 : trial.minima.findIndex(([other]) => other === name) + 1))
}

function basin({ escape }: Trial) {
  return escape?.kind === 'basin' ? escape : null
}

function outside({ escape }: Trial) {
  return escape as Extract<Trial['escape'], { kind: 'outside' }>
}

function within({ converge }: Trial) {
  return converge as Extract<Trial['converge'], { kind: 'within' }>
}

function squared(x: number): number {
  return x * x
}

export type Valued = ReturnType<typeof valuedOf>

/** The numbers that a module reads are computed from these fields, so that no expression is parsed again. */
export function valuedOf(cell: Cell) {
  const parameters = new Map(cell.landscape.parameters)
  for (const [name, value] of scaleParameters(cell)) parameters.set(name, value)
  for (const [name, value] of ruleParameters(cell.update.rule)) parameters.set(name, value)
  return { cell, parameters, pieces: scalePieces(cell) }
}
