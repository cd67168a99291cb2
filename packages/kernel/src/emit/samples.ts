import { trainingNoise } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory/shape.ts'
import { samplesOf } from '../model/cell.ts'
import { coordinateIndex, type SampledFormula } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, type Local, local, numberAt, type Part, vector } from './code/code.ts'
import { type FunctionCode, functionCode, type Item } from './code/function.ts'
import { constant, pinned, type Statement, variable } from './code/statement.ts'
import { inMemory, loadAt } from './coordinates.ts'
import type { Numbers } from './numbers.ts'
import { batchSize, labelNoise } from './readings.ts'
import { Scope } from './scope.ts'
import { storedSpace, writerOver } from './space.ts'
import type { Writer } from './writer.ts'

interface Sampled {
  readonly model: Model
  readonly formula: SampledFormula
  readonly numbers: Numbers
}

/**
 * A loop over samples. `begin` runs at the start of each iteration; `column` is the code for a column of the current
 * sample.
 */
interface Rounds {
  readonly head: Part
  readonly declares: readonly Local[]
  readonly begin: readonly Statement[]
  column(index: number): Code
  readonly count: Code
  /** Addresses of theta, and of the sums that become the gradient. */
  readonly theta: Local
  readonly gradient: Local
}

const theta = local('theta', 'usize')
const gradient = local('gradient', 'usize')
const index = local('index', 'i32')
const base = local('base', 'usize')
const row = local('row', 'usize')
const end = local('end', null)
const left = local('left', null)

/** The functions of a formula that is the mean of an expression over samples. */
export function samplesFunctions(
  sampled: Sampled,
  places: ShapePlaces,
  { called, stepLoss }: { readonly called: ReadonlySet<string>; readonly stepLoss: boolean },
): Item[] {
  const { model, numbers } = sampled
  const { columns, batch } = samplesOf(model.cell)!
  const bytes = 8 * columns
  const overRows = (first: Code, last: Code, count: Code): Rounds => ({
    head: code`for (let ${row} = ${first}, ${end} = ${last}; ${row} < ${end}; ${row} += ${bytes})`,
    declares: [row, end],
    begin: [],
    column: (index) => vector`v128.load64_splat(${row}, ${8 * index})`,
    count,
    theta,
    gradient,
  })
  const behind = code`DATA + <usize>load<f64>(ROWS) * ${bytes}`
  const all = overRows(code`DATA`, behind, vector`v128.load64_splat(ROWS)`)
  const tests = overRows(
    behind,
    code`${row} + <usize>load<f64>(TEST_ROWS) * ${bytes}`,
    vector`v128.load64_splat(TEST_ROWS)`,
  )
  const single = overRows(code`DATA + <usize>${index} * ${bytes}`, code`${row} + ${bytes}`, vector`f64x2.splat(1)`)
  const functions = [
    lossFunction(sampled, all, 'lossOf'),
    ...(called.has('testMeanLossOf') ? [lossFunction(sampled, tests, 'testMeanLossOf')] : []),
    gradientFunction(sampled, all, 'gradientOf', [theta, gradient]),
    gradientFunction(sampled, single, 'sampleGradientOf', [theta, gradient, index]),
  ]
  if (trainingNoise(model.cell.landscape).length === 0) return functions
  const drawn: Rounds = {
    ...withLabelNoise(sampled, batch === null ? all : batchRounds(numbers, bytes)),
    theta: local('theta', null),
    gradient: local('gradient', null),
  }
  const begin = [
    constant(drawn.theta, code`${base} + ${places.theta}`),
    constant(drawn.gradient, code`${base} + ${places.gradient}`),
  ]
  return [
    "import { nextSample } from './batch'",
    "import { nextNormals } from './normal'",
    ...functions,
    gradientFunction(sampled, drawn, 'batchGradientOf', [base], { begin, stepLoss }),
  ]
}

/** Each lane draws its samples. */
function batchRounds(numbers: Numbers, bytes: number): Omit<Rounds, 'theta' | 'gradient'> {
  const size = numbers.named('batch size', batchSize)
  const [row0, row1] = [local('row0', 'usize'), local('row1', 'usize')]
  const next = (row: Local, lane: string) => constant(row, code`DATA + <usize>nextSample(${base}${lane}) * ${bytes}`)
  return {
    head: code`for (let ${left} = <i32>load<f64>(NUMBERS, ${8 * size}); ${left} > 0; ${left}--)`,
    declares: [left],
    begin: [next(row0, ''), next(row1, ' + 8')],
    column: (index) => vector`v128.load64_lane(${row1}, v128.load64_zero(${row0}, ${8 * index}), 1, ${8 * index})`,
    count: numberAt(size),
  }
}

/** Noise is added to the targets of a sample once, before the expression is evaluated. */
function withLabelNoise<R extends Omit<Rounds, 'theta' | 'gradient'>>({ model, numbers }: Sampled, rounds: R): R {
  const { landscape } = model.cell
  if (landscape.kind !== 'formula' || landscape.labelNoise === undefined) return rounds
  const { columns } = landscape.labelNoise
  const sigma = numberAt(numbers.named('label noise', labelNoise))
  const places = columns.map((name) => landscape.data!.columns.indexOf(name))
  const noisy = columns.map((_, i) => local(`noisy${i}`))
  const normals = code`nextNormals(${base} + LABEL_STATE)`
  return {
    ...rounds,
    begin: [
      ...rounds.begin,
      ...noisy.map((value, i) =>
        constant(value, vector`f64x2.add(${rounds.column(places[i]!)}, f64x2.mul(${sigma}, ${normals}))`),
      ),
    ],
    column: (index) => noisy[places.indexOf(index)] ?? rounds.column(index),
  }
}

/** Statements of a function that reads theta and the rows of samples. */
function bodyOf({ model, formula, numbers }: Sampled, rounds: Rounds, write: (writer: Writer) => void): Statement[] {
  const { columns, flat } = formula
  const scope = new Scope(numbers, model.parameters)
  const at = (address: Local) => ({ address, offset: 0 })
  const places = { theta: at(rounds.theta), gradient: at(rounds.gradient) }
  const { space, loads } = storedSpace({ ...model, unrolled: flat }, places, 'x')
  const writer = writerOver(model, space, scope, (name) => {
    const column = columns.indexOf(name)
    return column < 0 ? null : rounds.column(column)
  })
  write(writer)
  return [...scope.prologue.statements, ...loads, ...writer.body.statements]
}

function lossFunction(sampled: Sampled, rounds: Rounds, name: string): FunctionCode {
  const { loss, columns } = sampled.formula
  const total = local('total')
  const body = bodyOf(sampled, rounds, (writer) => {
    writer.push(variable(total, vector`f64x2.splat(-0.0)`))
    writer.repeat(rounds.head, rounds.declares, new Set(columns), () => {
      writer.assign(total, vector`f64x2.add(${total}, ${writer.value(loss)})`)
    })
    writer.push(pinned(code`return f64x2.div(${total}, ${rounds.count})`))
  })
  return functionCode(`export function ${name}`, [theta], 'v128', body)
}

/**
 * The partial derivatives share common subexpressions. `begin` comes before all other statements. `stepLoss`: the mean
 * loss is stored, too.
 */
function gradientFunction(
  sampled: Sampled,
  rounds: Rounds,
  name: string,
  parameters: readonly Local[],
  { begin, stepLoss }: { readonly begin: readonly Statement[]; readonly stepLoss: boolean } = {
    begin: [],
    stepLoss: false,
  },
): FunctionCode {
  const { dimension } = sampled.model
  const { loss, gradient: partials, flat, columns } = sampled.formula
  const { gradient } = rounds
  const sums = partials.map((_, i) => local(`sum${i}`))
  const total = local('total')
  const atSums = { address: gradient, offset: 0 }
  const body = bodyOf(sampled, rounds, (writer) => {
    const overCoordinates = (value: (sum: Code) => Code) =>
      writer.loop(coordinateIndex, 1, dimension, (i) => {
        inMemory(writer, atSums).set(i, value(loadAt(atSums, i)))
      })
    if (stepLoss) writer.push(variable(total, vector`f64x2.splat(-0.0)`))
    if (flat) for (const sum of sums) writer.push(variable(sum, vector`f64x2.splat(-0.0)`))
    else overCoordinates(() => vector`f64x2.splat(-0.0)`)
    writer.repeat(rounds.head, rounds.declares, new Set(columns), () => {
      writer.push(...rounds.begin)
      if (stepLoss) writer.assign(total, vector`f64x2.add(${total}, ${writer.value(loss)})`)
      if (flat) {
        const values = partials.map((partial) => writer.value(partial))
        for (const [i, sum] of sums.entries()) writer.assign(sum, vector`f64x2.add(${sum}, ${values[i]!})`)
      } else overCoordinates((sum) => vector`f64x2.add(${sum}, ${writer.value(partials[0]!)})`)
    })
    const count = writer.local(rounds.count)
    if (stepLoss) writer.run(code`v128.store(STEP_LOSS, f64x2.div(${total}, ${count}))`)
    if (flat)
      for (const [i, sum] of sums.entries())
        writer.run(code`v128.store(${gradient}, f64x2.div(${sum}, ${count}), ${16 * i})`)
    else overCoordinates((sum) => vector`f64x2.div(${sum}, ${count})`)
  })
  return functionCode(`export function ${name}`, parameters, 'void', [...begin, ...body])
}
