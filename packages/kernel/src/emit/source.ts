import { countNodes } from '@driftfarm/formula'
import { comparesEnds, settlesByGradient, trainingNoise } from '@driftfarm/spec'
import type { FormulaName } from '../laws/laws.ts'
import { constants } from '../memory/map.ts'
import { shapePlaces } from '../memory/shape.ts'
import { ranksSamples } from '../model/bounds.ts'
import { samplesOf } from '../model/cell.ts'
import { comparisonOf } from '../model/comparison.ts'
import { allOf, everyValues } from '../model/conditions.ts'
import { countNodesOf } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { curvaturesIn, sinceMarks, usedQuantities } from '../model/quantities.ts'
import { initRuns, startPlan, startsAtPoint } from '../model/start.ts'
import { comparesModulo, largestLayer, matchedSymmetry } from '../model/symmetry.ts'
import { divide, Frame } from './code/divide.ts'
import { calleesOf, type Item, outlined } from './code/function.ts'
import { curvatureItems } from './curvature.ts'
import { descendFunction } from './descent.ts'
import { finishFunction, inspectFunction, timedFunctions } from './inspect.ts'
import { landscapeFunctions } from './landscape.ts'
import { lawFunction } from './law.ts'
import { changesOf } from './networkCurvature.ts'
import { Numbers } from './numbers.ts'
import { observedFunctions } from './observe.ts'
import * as read from './readings.ts'
import { RuleWriter } from './rule.ts'
import { ScaleWriter } from './scales.ts'
import { beginShapesFunction, ownMatrices, shapeImports, spectralShapes } from './shapes.ts'
import { advanceFunction } from './step.ts'
import { repeatsBatch } from './stepGradient.ts'
import { symmetryItems, usesBarrier } from './symmetry.ts'
import { longestTile, networkWork, samplesBehind } from './tile.ts'
import { drawsNoise, scratchVectors } from './update.ts'

/** START_KIND in `assembly/start.ts`. If descents follow, the first descent begins at the point described by it. */
const startKinds = { point: 0, stored: 0, uniform: 1, gaussian: 2, init: 3, train: 4 }

/**
 * The generated module `landscape.ts` of a cell, and the numbers that the module reads. `vectors` is the number of
 * vectors of two lanes that run side by side. If the samples are stored as bytes, `scaledBytes` is the number of their
 * scaled columns. If `native`, the module calls a native library that takes the steps. The module then leaves out
 * `steps`, the code of a step for one vector, which `native/source.ts` translates to C.
 */
export function emit(
  model: Model,
  vectors: number = vectorsFor(model),
  scaledBytes: number | null = null,
  native = false,
) {
  const { trial } = model.cell
  const numbers = new Numbers(read.valuedOf(model.cell))
  const plan = startPlan(model.cell.start)
  const { rounding, effort } = comparesEnds(trial) ? comparisonOf(model) : { rounding: 0, effort: 0 }
  // The comparison depends only on the structure, so all cells of one structure share it.
  const readings = { ...runtimeNumbers, rounding: read.alike(rounding), effort: read.alike(effort) }
  const placeOf = mapValues(readings, (reading, name) => numbers.array(name, reading))
  const rule = new RuleWriter(model, numbers)
  const samples = samplesOf(model.cell)
  const training = trainingNoise(model.cell.landscape)
  const shuffled = samples?.batch?.sampling === 'shuffle'
  const rows = samples?.rows ?? 0
  const testRows = samples?.testRows ?? 0
  const scales = new ScaleWriter(
    model.scales,
    { scales: rule.scales, parameters: model.rule.parameters },
    numbers,
    trial.warmup > 0,
  )
  const timed = allOf(model.conditions).filter((condition) => condition.timed !== null)
  const counts = {
    vectors,
    exits: trial.escape === null ? 0 : trial.escape.kind === 'exits' ? trial.escape.exits.length : 1,
    minima: trial.minima.length,
    classes: trial.classify.length,
    marks: trial.marks.length,
    observations: model.observed.length,
    timedConditions: timed.length,
    sinceCount: sinceMarks(model).length,
    groups: everyValues(trial).length,
    fleeting: timed.filter(({ kind }) => kind !== 'class').length,
  }
  const symmetry = matchedSymmetry(model)
  const isPoint = plan.drawn.kind === 'point'
  const basin = trial.escape?.kind === 'basin'
  const flags = {
    unrolled: model.unrolled,
    spectral: spectralShapes(model).length > 0 || curvaturesIn(model).has('index'),
    curvature: curvaturesIn(model).size > 0,
    ownReference: !startsAtPoint(model.cell),
    descents: plan.descents.length > 0 || trial.quench !== null || basin,
    basin,
    basins: comparesEnds(trial),
    modulo: comparesModulo(trial) && symmetry !== null,
    barrier: usesBarrier(model),
    sharedStart: isPoint && plan.descents.length > 0,
    sharedHome: isPoint && trial.warmup === 0 && basin,
    batches: (samples?.batch ?? null) !== null,
    tests: testRows > 0,
    ranks: ranksSamples(model),
    bytes: scaledBytes !== null,
    repeats: repeatsBatch(model),
    dropout: training.includes('dropout'),
    labelNoise: training.includes('label noise'),
    splits: model.score !== null,
    keepsBatchLoss: usedQuantities(model).has('batchloss'),
    tilts: model.shifts.length > 0,
  }
  const { dimension } = model
  const states = model.rule.states.length
  const batchBytes = 4 * (samples?.batch?.size ?? 0)
  const startRuns = plan.drawn.kind === 'init' ? initRuns(model.cell.landscape, plan.drawn.law).length : 0
  const places = shapePlaces({
    ...counts,
    ...flags,
    dimension,
    states,
    batchBytes,
    batchLanes: native ? 2 * vectors : 2,
    scratch: scratchVectors(model),
    matchedUnits: symmetry === null ? 0 : largestLayer(symmetry),
    ownMatrices: ownMatrices(model).length,
    tables: scales.varying.length,
    work: workOf(model),
  })
  const written = [
    native
      ? advanceFunction({ model, places, numbers, scales, rule }, 1, 'function steps')
      : advanceFunction({ model, places, numbers, scales, rule }, vectors),
    beginShapesFunction(model, places, numbers),
    inspectFunction(model, places, numbers),
    finishFunction(model, places, numbers),
    ...observedFunctions(model, places, numbers),
    ...timedFunctions(model, places, numbers),
    ...scales.functions(),
    descendFunction(model, places, numbers, flags.descents),
  ]
  const called = new Set(written.flatMap(({ body }) => calleesOf(body, 'landscape')))
  const asks = {
    called,
    stepLoss: flags.keepsBatchLoss,
    ranks: flags.ranks,
    gradient: flags.basins || called.has('gradientOf'),
  }
  const landscape = [
    ...landscapeFunctions(model, numbers, places, asks),
    ...curvatureItems(model, numbers, places),
    ...symmetryItems(model, numbers, places),
  ]
  const frames = new Frame()
  const formulas = new Set(written.flatMap(({ body }) => calleesOf(body, 'law')) as FormulaName[])
  const drawn = [...formulas].map((name) => lawFunction(name, numbers))
  const functions = [...written, ...drawn, ...landscape].flatMap((each): readonly Item[] =>
    typeof each === 'string' ? [each] : divide(each, frames),
  )
  const numberAt = (place: number) => places.numbers + 8 * place
  const frame = 16 * Math.ceil(numberAt(numbers.values.length) / 16)
  const byteNumbersAt = frame + frames.bytes
  const stage = byteNumbersAt + (scaledBytes === null ? 0 : 8 * 256)
  const columns = samples?.columns ?? 0
  const dataAt = stage + (scaledBytes === null && !flags.ranks ? 0 : 8 * columns * longestTile)
  const declared = [
    ...constants('i32', { ...counts, startKind: startKinds[plan.drawn.kind], columns, scaled: scaledBytes ?? 0 }),
    ...constants('i64', { startDescents: plan.descents.length }),
    ...constants('bool', {
      ...flags,
      draws: drawsNoise(model),
      warmup: trial.warmup > 0,
      quench: trial.quench !== null,
      stopOnEscape: trial.afterEscape === 'stop',
      stopOnConverge: trial.afterConverge === 'stop',
      settlesByGradient: settlesByGradient(trial),
      shuffled,
    }),
    ...constants('usize', {
      dimension,
      states,
      startRuns,
      batchBytes,
      data: dataAt,
      byteNumbers: byteNumbersAt,
      stage,
      frame,
      ...places,
    }),
    ...constants('usize', mapValues(placeOf, numberAt)),
  ]
  const source = [
    "import { fraction, layerAt, layerOffset, ratios, repair, signed, widths } from './normal'",
    "import * as laws from './laws'",
    ...shapeImports(model),
    "import { piecewise } from './piecewise'",
    "import { output, rotate } from './xoshiro'",
    "import * as elementary from './elementary'",
    '',
    ...declared,
    // The constants of this module must be declared first, because the batches use them in constants of their own.
    ...(flags.repeats ? ["import { beginStep, repeatStep } from './batch'"] : []),
    '',
    ...(native ? nativeAdvance : []),
    ...outlined(functions),
  ].join('\n')
  const behind = model.cell.landscape.kind === 'network' ? samplesBehind : 0
  const orderBytes = shuffled ? 4 * rows : 0
  const stored = (scaledBytes === null ? 8 : 1) * columns
  const ordersAt = dataAt + 8 * Math.ceil(((rows + testRows) * stored) / 8)
  const ordersEnd = 8 * Math.ceil((ordersAt + Math.max(behind * stored, orderBytes * 2 * vectors)) / 8)
  const free = ordersEnd + (flags.ranks ? 12 * rows : 0)
  return {
    source,
    /** Functions that read the numbers of the module from any cell with the same structure. */
    readings: numbers.readings,
    places,
    vectors,
    native,
    /** Address of the numbers that define the start. */
    startAt: numberAt(placeOf.start!),
    /** Address of the samples: training samples, then test samples. If each lane shuffles them, the orders follow. */
    dataAt,
    /** Address of what each byte stands for in a scaled column. Used only if the samples are stored as bytes. */
    byteNumbersAt,
    /** Address of the orders. */
    ordersAt,
    /** Bytes that a lane needs to store the order of its samples; 0 unless the samples are shuffled. */
    orderBytes,
    /** First address after everything that the cell needs. */
    free: 8 * Math.ceil(free / 8),
  }
}

const nativeAdvance = [
  '@external("native", "advance")',
  'declare function native(limit: f64): f64',
  'export function advance(limit: i64): i64 {',
  '  return <i64>native(<f64>limit)',
  '}',
  '',
]

function workOf(model: Model): number {
  const { landscape } = model.cell
  if (landscape.kind === 'network')
    return networkWork(landscape, curvaturesIn(model).size > 0 ? changesOf(landscape).count : 0)
  // For each neuron, the work memory holds the length |w| and the sum A (docs/develop/semantics.md, "Population").
  return landscape.kind === 'population' ? 32 * landscape.neurons : 0
}

/** The numbers that the runtime reads, by the names of the constants with their addresses. */
const runtimeNumbers = {
  start: read.startNumbers,
  centreMinima: read.minimaOfCentres,
  initialStates: read.initialStates,
  rows: read.only(read.sampleRows),
  testRows: read.only(read.testRows),
  original: read.only(read.originalShare),
  descentsAt: read.descentTable,
  warmupSteps: read.only(read.warmup),
  basinEvery: read.only(read.basinEvery),
  everyAt: read.everyTable,
  basinTolerance: read.only(read.basinTolerance),
  settleTolerance: read.only(read.settleToleranceOf),
  minimaAt: read.minimaCompared,
} satisfies Record<string, read.Reading>

function mapValues<From, To>(of: Readonly<Record<string, From>>, change: (value: From, name: string) => To) {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value, name)]))
}

/**
 * Number of vectors of two lanes that run side by side, so that the processor can compute one while another waits for a
 * result. If the gradient has many operations, a single vector keeps the processor busy. With more vectors, locals
 * would be spilled and the code would take longer to compile. Spilled locals make trials on the landscape three-hole a
 * tenth slower. `npm run bench unrolling` measures the times.
 */
function vectorsFor(model: Model): number {
  const { dimension, unrolled } = model
  const gradients = model.cell.update.sam === undefined ? 1 : 2
  if (!unrolled || gradients * countNodesOf(model) > (dimension === 1 ? 200 : 100)) return 1
  if (updateNodes(model) > maxUpdateNodes) return 1
  return dimension <= 2 ? 4 : dimension <= 4 ? 2 : 1
}

/**
 * If the update has more nodes than this, only one vector runs at a time. The nodes of the rule count once for each
 * coordinate, and the nodes of drift conditions count once in total.
 */
const maxUpdateNodes = 400

function updateNodes({ rule, when, dimension }: Model): number {
  const each = [...rule.states.map(({ next }) => next), rule.theta].reduce((sum, e) => sum + countNodes(e), 0)
  return when.reduce((sum, e) => sum + (e === null ? 0 : countNodes(e)), each * dimension)
}
