import { countNodes } from '@driftfarm/formula'
import { comparesEnds, settlesByGradient } from '@driftfarm/spec'
import { lawFunctions } from '../laws/laws.ts'
import { comparisonOf } from '../model/comparison.ts'
import type { Model } from '../model/model.ts'
import { countNodesOf } from '../model/nodes.ts'
import { samplesOf } from '../model/samples.ts'
import { startPlan, startsAtPoint } from '../model/start.ts'
import { valuedOf } from '../model/valued.ts'
import { basinPoint, type ShapePlaces, shapePlaces } from '../run/memory.ts'
import { divide, Frame } from './code/divide.ts'
import type { Item } from './code/functionCode.ts'
import { calleesOf, outlined } from './code/outline.ts'
import { descendFunction, descendsIn } from './descent.ts'
import { finishFunction, inspectFunction } from './inspect.ts'
import { landscapeFunctions } from './landscape.ts'
import { networkWork, samplesBehind } from './network.ts'
import { Numbers } from './numbers.ts'
import { populationWork } from './population.ts'
import * as read from './readings.ts'
import { RuleWriter } from './rule.ts'
import { ScaleWriter } from './scales.ts'
import { beginShapesFunction, countOwnMatrices, hasSpectralShape, shapeImports } from './shapes.ts'
import { emitStart } from './start.ts'
import { advanceFunction } from './step.ts'
import { drawsNoise, scratchVectors } from './update.ts'

export interface Emitted {
  readonly source: string
  readonly numbers: readonly number[]
  /** Functions that read the values for `numbers` from any cell with the same structure. */
  readonly readings: readonly read.Reading[]
  readonly places: ShapePlaces
  readonly vectors: number
  /**
   * Address of the samples, which follow the numbers. If each lane shuffles the samples, the orders of all lanes follow
   * the samples. No address from `free` upwards is used.
   */
  readonly data: number
  readonly free: number
}

/**
 * The generated module `landscape.ts` of a cell, and the numbers that the module reads. `vectors` is the number of
 * vectors of two lanes that run side by side.
 */
export function emit(model: Model, vectors: number = vectorsFor(model)): Emitted {
  const { trial } = model.cell
  const numbers = new Numbers(valuedOf(model.cell))
  const plan = startPlan(model.cell.start)
  const start = emitStart(model.cell, plan, numbers)
  const centreMinima = numbers.array('minima of centres', read.minimaOfCentres)
  const initialStates = numbers.array('initial states', read.initialStates)
  const rule = new RuleWriter(model, numbers)
  const samples = samplesOf(model.cell)
  const shuffled = samples?.batch?.sampling === 'shuffle'
  const rows = samples?.rows ?? 0
  const rowsAt = numbers.named('samples', read.sampleRows)
  const scales = new ScaleWriter(
    model.scales,
    { scales: rule.scales, parameters: model.rule.parameters },
    numbers,
    trial.warmup > 0,
  )
  const sizes = {
    vectors,
    dimension: model.dimension,
    states: model.rule.states.length,
    unrolled: model.unrolled,
    scratch: scratchVectors(model),
    ownMatrices: countOwnMatrices(model),
    spectral: hasSpectralShape(model),
    tables: scales.varying.length,
    exits: trial.escape === null ? 0 : trial.escape.kind === 'exits' ? trial.escape.exits.length : 1,
    minima: trial.minima.length,
    classes: trial.classify.length,
    marks: trial.marks.length,
    ownReference: !startsAtPoint(model.cell),
    descents: descendsIn(model, plan),
    home: trial.escape?.kind === 'basin',
    basins: comparesEnds(trial),
    sharedStart: plan.drawn.kind === 'point' && plan.descents.length > 0,
    sharedHome: plan.drawn.kind === 'point' && trial.warmup === 0 && trial.escape?.kind === 'basin',
    batches: (samples?.batch ?? null) !== null,
    splits: model.score !== null,
    tilts: model.shifts.length > 0,
    work: workOf(model),
  }
  const places = shapePlaces(sizes)
  const original = numbers.named('original', read.originalShare)
  const life = lifeNumbers(model, numbers)
  const written = [
    advanceFunction({ model, places, numbers, scales, rule }, vectors),
    beginShapesFunction(model, places, numbers),
    inspectFunction(model, places, numbers),
    finishFunction(model, places, numbers),
    ...scales.functions(),
    descendFunction(model, places, numbers, sizes.descents),
  ]
  const called = new Set(written.flatMap((each) => calleesOf(each, 'landscape')))
  const asks = { both: called.has('lossAndGradientOf'), gradient: sizes.basins || called.has('gradientOf') }
  const landscape = landscapeFunctions(model, numbers, places, asks)
  const frames = new Frame()
  const functions = [...written, ...landscape].flatMap((each): readonly Item[] =>
    typeof each === 'string' ? [each] : divide(each, frames),
  )
  const point = (name: Parameters<typeof basinPoint>[1]) => basinPoint(places, name, model.dimension)
  const numberAt = (place: number) => places.numbers + 8 * place
  const frame = 16 * Math.ceil(numberAt(numbers.values.length) / 16)
  const data = frame + frames.bytes
  const constants: Record<string, [type: 'i32' | 'i64' | 'usize' | 'bool', value: number | boolean]> = {
    VECTORS: ['i32', vectors],
    DIMENSION: ['usize', model.dimension],
    EXITS: ['i32', sizes.exits],
    MINIMA: ['i32', sizes.minima],
    CLASSES: ['i32', sizes.classes],
    MARKS: ['i32', sizes.marks],
    STATES: ['usize', sizes.states],
    DRAWS: ['bool', drawsNoise(model)],
    OWN_REFERENCE: ['bool', sizes.ownReference],
    WARMUP: ['bool', trial.warmup > 0],
    BASIN: ['bool', sizes.home],
    QUENCH: ['bool', trial.quench !== null],
    DESCENTS: ['bool', sizes.descents],
    SPLITS: ['bool', sizes.splits],
    TILTS: ['bool', sizes.tilts],
    TILTED: ['usize', places.tilted],
    RATIO: ['usize', places.ratio],
    ORIGINAL: ['usize', numberAt(original)],
    LEVEL: ['usize', places.level],
    PEAK: ['usize', places.peak],
    SWITCH_AT: ['usize', places.switchAt],
    SWITCHES: ['usize', places.switches],
    BRANCH_TO: ['usize', places.branchTo],
    BRANCHED_AT: ['usize', places.branchedAt],
    SNAPSHOT_FROM: ['usize', places.snapshotFrom],
    SNAPSHOT_TO: ['usize', places.snapshotTo],
    START_DESCENTS: ['i64', plan.descents.length],
    START_KIND: ['i32', start.kind],
    START_RUNS: ['usize', start.runs],
    STOP_ON_ESCAPE: ['bool', trial.afterEscape === 'stop'],
    STOP_ON_CONVERGE: ['bool', trial.afterConverge === 'stop'],
    STRIDE: ['usize', places.stride],
    THETA: ['usize', places.theta],
    STATES_AT: ['usize', places.states],
    SHAPE_WORK: ['usize', places.shapeWork],
    SETTLES_BY_GRADIENT: ['bool', settlesByGradient(trial)],
    BASIN_LEFT: ['usize', point('left')],
    BASIN_POINT: ['usize', point('point')],
    BASIN_SLOPE: ['usize', point('slope')],
    BASIN_DIRECTION: ['usize', point('direction')],
    BASIN_NEXT: ['usize', point('next')],
    BASIN_NEXT_SLOPE: ['usize', point('nextSlope')],
    BASIN_PAIRS: ['usize', point('pairs')],
    BASIN_WAITING: ['usize', point('waiting')],
    BASIN_SCALARS: ['usize', places.basinScalars],
    BASIN_PAIR: ['usize', places.basinPair],
    BASIN_GRADIENT: ['usize', places.basinGradient],
    ROUNDING: ['usize', numberAt(life.comparison)],
    EFFORT: ['usize', numberAt(life.comparison + 1)],
    BASIN_TOLERANCE: ['usize', numberAt(life.basinTolerance)],
    SETTLE_TOLERANCE: ['usize', numberAt(life.settleTolerance)],
    MINIMA_AT: ['usize', numberAt(life.minima)],
    SHARED_START: ['bool', sizes.sharedStart],
    SHARED_HOME: ['bool', sizes.sharedHome],
    KEPT_START: ['usize', places.keptStart],
    KEPT_HOME: ['usize', places.keptHome],
    REFERENCE: ['usize', places.reference],
    DESCENT: ['usize', places.descent],
    PROBE: ['usize', places.probe],
    HOME: ['usize', places.home],
    TRIAL: ['usize', places.trial],
    STEPS: ['usize', places.steps],
    ESCAPED_AT: ['usize', places.escapedAt],
    CONVERGED_AT: ['usize', places.convergedAt],
    EXIT_OF: ['usize', places.exitOf],
    CONVERGED_IN: ['usize', places.convergedIn],
    STAGE_OF: ['usize', places.stage],
    END_OF: ['usize', places.endOf],
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
    JOINT_COUNTS: ['usize', places.jointCounts],
    MARK_SUMS: ['usize', places.markSums],
    VECTORS_AT: ['usize', places.vectorsAt],
    TABLES: ['usize', places.tables],
    NUMBERS: ['usize', places.numbers],
    WORK: ['usize', places.work],
    ROWS: ['usize', numberAt(rowsAt)],
    COLUMNS: ['i32', samples?.columns ?? 0],
    DATA: ['usize', data],
    FRAME: ['usize', frame],
    BATCHES: ['bool', sizes.batches],
    SHUFFLED: ['bool', shuffled],
    DATA_STATE: ['usize', places.dataState],
    POSITION: ['usize', places.dataState + 64],
    ORDER: ['usize', places.dataState + 80],
    START: ['usize', numberAt(start.place)],
    INITIAL_STATES: ['usize', numberAt(initialStates)],
    CENTRE_MINIMA: ['usize', numberAt(centreMinima)],
    DESCENTS_AT: ['usize', numberAt(life.descents)],
    WARMUP_STEPS: ['usize', numberAt(life.warmup)],
    BASIN_EVERY: ['usize', numberAt(life.basinEvery)],
  }
  const source = [
    'import { CENTRE, CLASS, CONVERGED, DISTANCE, DIVERGED, EXIT, FINITE, HORIZON, LOSS, SCORE, SETTLED, STEP } ' +
      "from './memory'",
    "import { fraction, layerAt, layerOffset, rademacher, ratios, repair, signed, uniform, widths } from './normal'",
    `import { ${lawFunctions.join(', ')} } from './laws'`,
    ...shapeImports(model),
    "import { piecewise } from './piecewise'",
    "import { output, rotate } from './xoshiro'",
    "import * as elementary from './elementary'",
    '',
    ...Object.entries(constants).map(([name, [type, value]]) => `export const ${name}: ${type} = ${value}`),
    '',
    ...outlined(functions),
  ].join('\n')
  const behind = model.cell.landscape.kind === 'network' ? samplesBehind : 0
  const orders = shuffled ? 4 * rows * 2 * vectors : 0
  const free = data + 8 * (rows + behind) * (samples?.columns ?? 0) + orders
  return {
    source,
    numbers: numbers.values,
    readings: numbers.readings,
    places,
    vectors,
    data,
    free: 8 * Math.ceil(free / 8),
  }
}

function workOf({ cell: { landscape } }: Model): number {
  if (landscape.kind === 'network') return networkWork(landscape)
  return landscape.kind === 'population' ? populationWork(landscape) : 0
}

function lifeNumbers(model: Model, numbers: Numbers) {
  const { rounding, effort } = comparisonOf(model)
  const compared = comparesEnds(model.cell.trial) ? [rounding, effort] : [0, 0]
  return {
    descents: numbers.array('descents', read.descentTable),
    warmup: numbers.named('warmup', read.warmup),
    basinEvery: numbers.named('basin every', read.basinEvery),
    // `rounding` and `effort` depend only on the structure, so all cells of one structure share them.
    comparison: numbers.array('comparison', read.alike(...compared)),
    basinTolerance: numbers.named('basin tolerance', read.basinTolerance),
    settleTolerance: numbers.named('settle tolerance', read.settleToleranceOf),
    minima: numbers.array('minima', read.minimaCompared),
  }
}

/**
 * Number of vectors of two lanes that run side by side, so that the processor can compute one while another waits for a
 * result. If the gradient has many operations, a single vector keeps the processor busy. With more vectors, locals
 * would be spilled and the code would take longer to compile. Spilled locals make trials on the landscape three-hole a
 * tenth slower. `npm run bench unrolling` measures the times.
 */
function vectorsFor(model: Model): number {
  const { dimension, unrolled } = model
  if (!unrolled || countNodesOf(model) > (dimension === 1 ? 200 : 100)) return 1
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
