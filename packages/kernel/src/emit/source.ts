import { type ShapePlaces, shapePlaces } from '../memory.ts'
import { countNodesOf, type Model, referencePoint, samplesOf } from '../model.ts'
import { finishFunction, inspectFunction } from './inspect.ts'
import { landscapeFunctions } from './landscape.ts'
import { networkWork } from './network.ts'
import { Numbers } from './numbers.ts'
import { populationWork } from './population.ts'
import { ScaleWriter } from './scales.ts'
import { advanceFunction } from './step.ts'

export interface Emitted {
  readonly source: string
  readonly numbers: readonly number[]
  readonly places: ShapePlaces
  readonly vectors: number
  /** Where the samples are, behind the numbers; then, if lanes shuffle, their orders; from `free` on nothing. */
  readonly data: number
  readonly free: number
}

/** The generated module `landscape.ts` of a cell, and the numbers it reads; `vectors` of two lanes run side by side. */
export function emit(model: Model, vectors: number = vectorsFor(model)): Emitted {
  const { update, trial } = model.cell
  const numbers = new Numbers()
  const start = numbers.array('start', referencePoint(model))
  const centreMinima = numbers.array('minima of centres', minimaOfCentres(model))
  const samples = samplesOf(model.cell)
  const shuffled = samples?.batch?.sampling === 'shuffle'
  const rows = samples?.rows ?? 0
  const rowCount = numbers.named('samples', rows)
  const scales = new ScaleWriter(model.scales, numbers)
  const sizes = {
    vectors,
    dimension: model.dimension,
    momentum: update.rule.kind === 'momentum',
    unrolled: model.unrolled,
    driftEntries: update.drift.length,
    tables: scales.varying.length,
    exits: trial.escape === null ? 0 : trial.escape.kind === 'exits' ? trial.escape.exits.length : 1,
    minima: trial.minima.length,
    classes: trial.classify.length,
    marks: trial.marks.length,
    batches: (samples?.batch ?? null) !== null,
    work: workOf(model),
  }
  const places = shapePlaces(sizes)
  const functions = [
    ...advanceFunction(model, vectors, places, numbers, scales),
    ...inspectFunction(model, places, numbers),
    ...finishFunction(model, places, numbers),
    ...scales.functions(),
    ...landscapeFunctions(model, numbers, places),
  ]
  const numberAt = (place: number) => places.numbers + 8 * place
  const data = numberAt(numbers.values.length)
  const constants: Record<string, [type: 'i32' | 'usize' | 'bool', value: number | boolean]> = {
    VECTORS: ['i32', vectors],
    DIMENSION: ['usize', model.dimension],
    EXITS: ['i32', sizes.exits],
    MINIMA: ['i32', sizes.minima],
    CLASSES: ['i32', sizes.classes],
    MARKS: ['i32', sizes.marks],
    MOMENTUM: ['bool', sizes.momentum],
    DRAWS: ['bool', update.drift.length > 0],
    STOP_ON_ESCAPE: ['bool', trial.afterEscape === 'stop'],
    STOP_ON_CONVERGE: ['bool', trial.afterConverge === 'stop'],
    STRIDE: ['usize', places.stride],
    THETA: ['usize', places.theta],
    VELOCITY: ['usize', places.velocity],
    TRIAL: ['usize', places.trial],
    STEPS: ['usize', places.steps],
    ESCAPED_AT: ['usize', places.escapedAt],
    CONVERGED_AT: ['usize', places.convergedAt],
    EXIT_OF: ['usize', places.exitOf],
    CONVERGED_IN: ['usize', places.convergedIn],
    MARK_STEPS: ['usize', places.markSteps],
    MARK_MASKS: ['usize', places.markMasks],
    RECORD: ['usize', places.record],
    EVENTS: ['usize', places.events],
    COUNTS: ['usize', places.exitCounts],
    COUNTS_END: ['usize', places.countsEnd],
    EXIT_COUNTS: ['usize', places.exitCounts],
    SETTLED_COUNTS: ['usize', places.settledCounts],
    CLASS_COUNTS: ['usize', places.classCounts],
    MARK_COUNTS: ['usize', places.markCounts],
    VECTORS_AT: ['usize', places.vectorsAt],
    TABLES: ['usize', places.tables],
    NUMBERS: ['usize', places.numbers],
    WORK: ['usize', places.work],
    ROWS: ['usize', numberAt(rowCount)],
    COLUMNS: ['i32', samples?.columns ?? 0],
    DATA: ['usize', data],
    BATCHES: ['bool', sizes.batches],
    SHUFFLED: ['bool', shuffled],
    DATA_STATE: ['usize', places.dataState],
    POSITION: ['usize', places.dataState + 64],
    ORDER: ['usize', places.dataState + 80],
    START: ['usize', numberAt(start)],
    CENTRE_MINIMA: ['usize', numberAt(centreMinima)],
  }
  const source = [
    "import { CENTRE, CLASS, CONVERGED, DISTANCE, DIVERGED, EXIT, FINITE, HORIZON, LOSS, SETTLED, STEP } from './memory'",
    "import { fraction, layerAt, layerOffset, rademacher, ratios, repair, signed, uniform, widths } from './normal'",
    "import { output, rotate } from './xoshiro'",
    "import * as elementary from './elementary'",
    '',
    ...Object.entries(constants).map(([name, [type, value]]) => `export const ${name}: ${type} = ${value}`),
    '',
    ...functions,
  ].join('\n')
  const free = data + 8 * rows * (samples?.columns ?? 0) + (shuffled ? 4 * rows * 2 * vectors : 0)
  return { source, numbers: numbers.values, places, vectors, data, free: 8 * Math.ceil(free / 8) }
}

function workOf({ cell: { landscape } }: Model): number {
  if (landscape.kind === 'network') return networkWork(landscape)
  return landscape.kind === 'population' ? populationWork(landscape) : 0
}

/** For each centre of convergence the number of the minimum of its name, 0 for none. */
function minimaOfCentres({ cell: { trial } }: Model): number[] {
  if (trial.converge?.kind !== 'within') return []
  return trial.converge.of.map(([name]) => (name === '' ? 0 : trial.minima.findIndex(([other]) => other === name) + 1))
}

/**
 * Vectors of two lanes that run side by side, so that one waits while others compute. A gradient of many operations
 * keeps the machine busy by itself: more of it side by side only spills locals (a tenth of the time on three-hole) and
 * takes longer to compile. Measured by `npm run bench unrolling`.
 */
function vectorsFor(model: Model): number {
  const { dimension, unrolled } = model
  if (!unrolled || countNodesOf(model) > (dimension === 1 ? 200 : 100)) return 1
  return dimension <= 2 ? 4 : dimension <= 4 ? 2 : 1
}
