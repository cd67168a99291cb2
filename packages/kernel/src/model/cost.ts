import {
  build,
  countNodes,
  differentiate,
  type Expression,
  FormulaError,
  nodeCounter,
  nullIf,
  parse,
  partials,
} from '@driftfarm/formula'
import {
  type Cell,
  cached,
  type Drift,
  type FormulaLandscape,
  type Landscape,
  type PopulationLandscape,
  stepSamples,
  trainedStart,
  trainingCell,
  trainingNoise,
} from '@driftfarm/spec'
import { samplesOf } from './cell.ts'
import { allOf, conditionsIn } from './conditions.ts'
import { countNodesOf, expandedNodes, roundsOf } from './formula.ts'
import type { Model } from './model.ts'
import { observedPlan } from './observed.ts'
import { type QuantityEffort, quantityEfforts } from './quantities.ts'

/**
 * Estimated times in nanoseconds, computed from the cell alone, because the decision to omit work must be the same on
 * every machine. On the machine of docs/reference/benchmarks.md, they are accurate within a factor of about two for
 * networks of 9 to 2400 weights and formulas of 1 to 100 coordinates.
 */
export interface Cost {
  /** The time per trial in the compiled kernel, which computes several trials at the same time. */
  readonly kernel: number
  /** The time in the scalar functions of the host. For networks, it is hundreds of times the time in the kernel. */
  readonly host: number
}

/** For a part of a gradient: its cost, and an upper bound for the time that one vector of two lanes spends on it. */
type Price = Cost & { readonly bound: number }

const prices = {
  weight: { kernel: 0.55, host: 100, bound: 2 },
  unit: { kernel: 1.5, host: 600, bound: 20 },
  /** A unit that may be left out, and a target with noise. */
  mask: { kernel: 1, host: 50, bound: 4 },
  target: { kernel: 8, host: 100, bound: 100 },
  /** An angle between two weight vectors takes this time, plus 2 ns for each input. */
  angle: { kernel: 60, host: 600, bound: 60 },
  node: { kernel: 0.2, host: 12, bound: 4 },
  /** A node of an expression over samples. */
  sampledNode: { kernel: 0.2, host: 12, bound: 8 },
} satisfies Record<string, Price>

export function gradientCost(landscape: Landscape, rows = rowsOf(landscape)): Cost {
  switch (landscape.kind) {
    case 'formula':
      return scaleCost(prices.node, gradientNodes(landscape) * rows)
    case 'network':
      return {
        kernel: rows * networkTime(landscape.layers, 'kernel'),
        host: rows * networkTime(landscape.layers, 'host'),
      }
    case 'population': {
      const kernel = populationTime(landscape, 'kernel')
      return { kernel, host: 10 * kernel }
    }
  }
}

function rowsOf(landscape: Landscape): number {
  return landscape.kind === 'population' || landscape.data === null ? 1 : landscape.data.rows
}

/** The time of a gradient over one sample. */
function networkTime(layers: readonly number[], column: keyof Price): number {
  const units = layers.slice(1)
  const weights = units.reduce((sum, outputs, i) => sum + layers[i]! * outputs, 0)
  return prices.weight[column] * weights + prices.unit[column] * units.reduce((sum, outputs) => sum + outputs, 0)
}

function populationTime({ neurons, teachers, inputs }: PopulationLandscape, column: 'kernel' | 'bound'): number {
  return neurons * (neurons + teachers) * (prices.angle[column] + 2 * inputs)
}

/** Maximum number of characters of an expression whose gradient is computed in order to count the operations. */
const longest = 2000

/**
 * Returns the number of operations of a gradient over one sample. Operations in a sum count once for each term. For a
 * long expression, returns a guess, because an exact count is not worth the time of differentiating the expression.
 */
function gradientNodes(landscape: FormulaLandscape): number {
  const { expression, variables, dimension } = landscape
  const key = `${dimension} ${variables?.join()} ${expression}`
  return (expression.length > longest ? null : knownNodes(key, landscape)) ?? expression.length * dimension
}

/** Null for a formula error: the kernel reports the error with its position in the text. */
const knownNodes = cached(32, (_key: string, landscape: FormulaLandscape) =>
  nullIf(FormulaError, () => countGradientNodes(parse(landscape.expression), landscape)),
)

function countGradientNodes(loss: Expression, { variables, dimension }: FormulaLandscape): number {
  const nodes = expandedNodes(dimension)
  if (variables === null)
    return dimension * nodes(differentiate(loss, { name: 'x', index: build.name('k$'), length: dimension }))
  const named = variables.map((name) => ({ name }))
  let sum = 0
  for (const partial of partials(loss, named)) sum += nodes(partial)
  return sum
}

/**
 * A step costs this in addition to its gradient: `perStep` for testing the events, and `perCoordinate` for moving one
 * coordinate with its noise.
 */
const perStep: Cost = { kernel: 2, host: 3000 }
const perCoordinate: Cost = { kernel: 1.5, host: 300 }

/** The time to draw the masks and the labels of one sample. */
function noiseTime(landscape: Landscape, column: keyof Price): number {
  if (landscape.kind === 'population') return 0
  const isNetwork = landscape.kind === 'network'
  const masked = isNetwork && landscape.dropout !== undefined ? landscape.layers.slice(1, -1) : []
  const targets = landscape.labelNoise === undefined ? 0 : isNetwork ? landscape.layers.at(-1)! : 1
  return prices.mask[column] * masked.reduce((sum, units) => sum + units, 0) + prices.target[column] * targets
}

export function stepCost(cell: Cell): Cost {
  const { landscape, trial, update } = cell
  const samples = stepSamples(landscape)
  const drawn = { kernel: noiseTime(landscape, 'kernel'), host: noiseTime(landscape, 'host') }
  const once = sumCosts(gradientCost(landscape, samples), scaleCost(drawn, samples))
  const moved = scaleCost(once, update.sam === undefined ? 1 : 2)
  const looked = scaleCost(gradientCost(landscape), eventGradients(cell))
  const entries = 1 + update.drift.length
  return sumCosts(
    perStep,
    scaleCost(perCoordinate, landscape.dimension * entries),
    moved,
    looked,
    trial.escape?.kind === 'basin'
      ? scaleCost(gradientCost(landscape), usualDescent(trial.escape.descent.steps) / trial.escape.every)
      : none,
  )
}

/** The cost of the descents of a trial and of its training. */
export function descentsCost(cell: Cell): Cost {
  const { landscape, start, trial } = cell
  let descents = 0
  for (let from = start; from.kind === 'descend'; from = from.from) descents += usualDescent(from.descent.steps)
  if (trial.escape?.kind === 'basin') descents += usualDescent(trial.escape.descent.steps)
  if (trial.quench !== null) descents += usualDescent(trial.quench.steps)
  return sumCosts(scaleCost(gradientCost(landscape), descents), trainingCost(cell))
}

/** The cost of a trial that takes all its steps, without its warm-up. */
export function wholeCost(cell: Cell): Cost {
  return sumCosts(scaleCost(stepCost(cell), cell.trial.steps), descentsCost(cell))
}

/** The kernel trains once for all trials of a cell. A short run on the host trains anew. */
function trainingCost(cell: Cell): Cost {
  const run = trainingCell(cell)
  if (run === null) return none
  const one = wholeCost(run)
  return trainedStart(cell)?.per === 'trial' ? one : { ...one, kernel: 0 }
}

/** The kernel time of a trial, in nanoseconds. A trial of splitting is a replica with all its particles. */
export function trialCost(cell: Cell): number {
  const { method, trial } = cell
  const { kernel } = sumCosts(scaleCost(stepCost(cell), trial.warmup + trial.steps), descentsCost(cell))
  return method.kind === 'splitting' ? kernel * method.particles * branchesOfParticle : kernel
}

/** Estimated number of branches for each particle of a replica, for probabilities down to about 1e-9. */
const branchesOfParticle = 20

const usualDescent = (steps: number): number => Math.min(steps, 2000)

/** How long a trial that runs to its horizon takes to observe values, divided by its time without them. */
export function observingShare(cell: Cell, keys: readonly string[]): number {
  if (keys.length === 0) return 0
  const { watches, values } = observedPlan(cell, keys)
  const gradients = watches.reduce(
    (sum, { value, points }) => sum + points * gradientsOf(cell, [{ text: values[value]! }]),
    0,
  )
  return (gradients * gradientCost(cell.landscape).kernel) / trialCost(cell)
}

/** The time that the events of a step take, in gradients over all training samples. */
function eventGradients(cell: Cell): number {
  const events = allOf(conditionsIn(cell.trial)).filter(({ kind }) => kind !== 'class')
  const evaluated = events.map(({ text, timed }) => ({ text, every: timed?.every }))
  return gradientsOf(cell, evaluated, cell.trial.converge?.kind === 'gradient')
}

/** The time of expressions that are evaluated together. `gradnorm`: whether it is needed at each step anyway. */
function gradientsOf(
  cell: Cell,
  expressions: readonly { readonly text: string; readonly every?: number | undefined }[],
  gradnorm = false,
): number {
  const passes = new Map<string, number>()
  const add = ({ pass, gradients }: QuantityEffort, every = 1) =>
    passes.set(pass, Math.max(passes.get(pass) ?? 0, gradients(cell) / every))
  if (gradnorm) add(quantityEfforts.gradnorm!)
  for (const [name, effort] of Object.entries(quantityEfforts))
    for (const { text, every } of expressions) if (new RegExp(`\\b${name}\\b`).test(text)) add(effort, every)
  return [...passes.values()].reduce((sum, gradients) => sum + gradients, 0)
}

const none: Cost = { kernel: 0, host: 0 }

function sumCosts(...costs: readonly Cost[]): Cost {
  return costs.reduce((all, cost) => ({ kernel: all.kernel + cost.kernel, host: all.host + cost.host }), none)
}

function scaleCost({ kernel, host }: Cost, factor: number): Cost {
  return { kernel: factor * kernel, host: factor * host }
}

/**
 * Upper bound, in nanoseconds, of the time that one vector of lanes spends on a landscape over samples, or on a
 * population, in one step. For a plain formula, which `formulaBound` covers, only the time of second derivatives.
 */
export function landscapeBound(model: Model): number {
  const { landscape } = model.cell
  const samples = samplesOf(model.cell)
  const looked = Math.ceil(eventGradients(model.cell))
  if (samples === null) {
    if (landscape.kind === 'population') return sampleBound(model) * Math.max(1, looked)
    return looked > 1 ? formulaBound(model) * looked : 0
  }
  const moved = (sampleBound(model) + noiseTime(landscape, 'bound')) * stepSamples(landscape)
  if (trainingNoise(landscape).length === 0) return moved * Math.max(1, looked)
  return moved + looked * sampleBound(model) * samples.rows
}

/** Upper bound, in nanoseconds, of the time of a gradient over all samples. */
export function gradientBound(model: Model): number {
  return sampleBound(model) * (samplesOf(model.cell)?.rows ?? 1)
}

/** Upper bound for one sample, or for the whole gradient of a landscape without samples. */
function sampleBound(model: Model): number {
  const { landscape } = model.cell
  const { formula, dimension } = model
  if (landscape.kind === 'population') return populationTime(landscape, 'bound')
  if (landscape.kind === 'network') return networkTime(landscape.layers, 'bound')
  if (formula.kind !== 'sampled') return formulaBound(model)
  const nodesOf = nodeCounter()
  const nodes = formula.gradient.reduce((total, partial) => total + nodesOf(partial), 0)
  return prices.sampledNode.bound * nodes * (formula.flat ? 1 : dimension)
}

export function formulaBound(model: Model): number {
  return prices.node.bound * countNodesOf(model) * roundsOf(model)
}

/**
 * Upper bound, in nanoseconds, of the time of a draw in two lanes. It covers distributions that need logarithms,
 * angles or powers, or reject some draws.
 */
const drawBound = 200

/**
 * Upper bound, in nanoseconds, of the extra time of the update of one vector of lanes, compared with a plain rule with
 * plain noise. A matrix that is computed at every step counts as 2 d gradients and 12 Jacobi sweeps. A Jacobi sweep has
 * d^2/2 rotations, and each rotation changes 3 d pairs of numbers.
 */
export function updateBound(model: Model): number {
  const { dimension, rule, cell, when } = model
  const { bound } = prices.node
  const ruleNodes = [...rule.states.map(({ next }) => next), rule.theta].reduce((total, e) => total + countNodes(e), 0)
  const conditions = when.reduce((total, e) => total + (e === null ? 0 : bound * countNodes(e)), 0)
  const gradient = landscapeBound(model) + formulaBound(model)
  return cell.update.drift.reduce(
    (total, entry) => total + entryBound(entry, dimension, gradient),
    bound * ruleNodes * dimension + conditions + (cell.update.sam === undefined ? 0 : gradient),
  )
}

function entryBound(entry: Drift, dimension: number, gradient: number): number {
  const draws = dimension * drawBound
  if (entry.form !== 'anisotropic' || entry.shape.kind === 'diagonal') return draws
  const { shape } = entry
  const product = 2 * dimension ** 2
  if (shape.kind === 'matrix' || shape.at === 'start') return draws + product
  return draws + product + 2 * dimension * gradient + 30 * dimension ** 3
}
