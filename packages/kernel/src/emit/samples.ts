import { coordinateIndex, type Model, samplesOf } from '../model/model.ts'
import type { ShapePlaces } from '../run/memory.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { placeOf, storeTo } from './space.ts'
import { Writer } from './writer.ts'

/** How a loop goes over samples: its head, the lines that begin a round, a column of the sample, and how many there are. */
interface Rounds {
  readonly head: string
  readonly begin: readonly string[]
  column(index: number): string
  readonly count: string
}

const theta = { address: 'theta', offset: 0 }
/** Sums over samples, then the gradient. */
const sums = { address: 'gradient', offset: 0 }

/** A formula that is the mean of an expression over samples: loss and gradient each in one loop over the samples. */
export function samplesFunctions(model: Model, numbers: Numbers, places: ShapePlaces): string[] {
  const { columns, batch } = samplesOf(model.cell)!
  const bytes = 8 * columns
  const all: Rounds = {
    head: `for (let row = DATA, end = DATA + <usize>load<f64>(ROWS) * ${bytes}; row < end; row += ${bytes})`,
    begin: [],
    column: (index) => `v128.load64_splat(row, ${8 * index})`,
    count: 'v128.load64_splat(ROWS)',
  }
  const single: Rounds = {
    ...all,
    head: `for (let row = DATA + <usize>index * ${bytes}, end = row + ${bytes}; row < end; row += ${bytes})`,
    count: 'f64x2.splat(1)',
  }
  const functions = [
    ...lossFunction(model, numbers, all),
    ...gradientFunction(model, numbers, all, 'gradientOf(theta: usize, gradient: usize)', []),
    ...gradientFunction(model, numbers, single, 'sampleGradientOf(theta: usize, gradient: usize, index: i32)', []),
  ]
  if (batch === null) return functions
  const size = `NUMBERS, ${8 * numbers.named('batch size', batch.size)}`
  const drawn: Rounds = {
    head: `for (let left = <i32>load<f64>(${size}); left > 0; left--)`,
    begin: ['', ' + 8'].map((lane, half) => `const row${half} = DATA + <usize>nextSample(base${lane}) * ${bytes}`),
    column: (index) => `v128.load64_lane(row1, v128.load64_zero(row0, ${8 * index}), 1, ${8 * index})`,
    count: `v128.load64_splat(${size})`,
  }
  const begin = [`const theta = base + ${places.theta}`, `const gradient = base + ${places.gradient}`]
  return [
    "import { nextSample } from './batch'",
    ...functions,
    ...gradientFunction(model, numbers, drawn, 'batchGradientOf(base: usize)', begin),
  ]
}

function writerOver(model: Model, scope: Scope, rounds: Rounds): Writer {
  const { columns, flat } = model.sampled!
  return new Writer(scope, {
    name(name) {
      const column = columns.indexOf(name)
      if (column >= 0) return rounds.column(column)
      const index = model.variables.get(name)
      return index === undefined ? null : `x${index}`
    },
    element(index) {
      if (typeof index === 'string') return `v128.load(${placeOf(theta, index)})`
      return flat ? `x${index - 1}` : `v128.load(theta, ${16 * (index - 1)})`
    },
  })
}

function functionOf(model: Model, scope: Scope, writer: Writer, signature: string, begin: readonly string[]): string[] {
  const loads = Array.from({ length: model.dimension }, (_, i) => `const x${i} = v128.load(theta, ${16 * i})`)
  return [
    `export function ${signature} {`,
    ...[...begin, ...scope.prologue.lines, ...(model.sampled!.flat ? loads : []), ...writer.body.lines].map(
      (line) => `  ${line}`,
    ),
    '}',
    '',
  ]
}

function lossFunction(model: Model, numbers: Numbers, rounds: Rounds): string[] {
  const { loss, columns } = model.sampled!
  const scope = new Scope(numbers, model.parameters)
  const writer = writerOver(model, scope, rounds)
  writer.line('let total = f64x2.splat(-0.0)')
  writer.repeat(rounds.head, new Set(columns), () => {
    writer.line(`total = f64x2.add(total, ${writer.value(loss)})`)
  })
  writer.line(`return f64x2.div(total, ${rounds.count})`)
  return functionOf(model, scope, writer, 'lossOf(theta: usize): v128', [])
}

/** All partials of a sample together, so that they share what they have in common. */
function gradientFunction(
  model: Model,
  numbers: Numbers,
  rounds: Rounds,
  signature: string,
  begin: readonly string[],
): string[] {
  const { gradient, flat, columns } = model.sampled!
  const scope = new Scope(numbers, model.parameters)
  const writer = writerOver(model, scope, rounds)
  const overCoordinates = (value: (sum: string) => string) =>
    writer.loop(coordinateIndex, '1', String(model.dimension), () => {
      const sum = `v128.load(${placeOf(sums, coordinateIndex)})`
      writer.line(`v128.store(${storeTo(sums, coordinateIndex, value(sum))})`)
    })
  if (flat) for (const i of gradient.keys()) writer.line(`let sum${i} = f64x2.splat(-0.0)`)
  else overCoordinates(() => 'f64x2.splat(-0.0)')
  writer.repeat(rounds.head, new Set(columns), () => {
    for (const line of rounds.begin) writer.line(line)
    if (flat) {
      const partials = gradient.map((partial) => writer.value(partial))
      for (const [i, partial] of partials.entries()) writer.line(`sum${i} = f64x2.add(sum${i}, ${partial})`)
    } else overCoordinates((sum) => `f64x2.add(${sum}, ${writer.value(gradient[0]!)})`)
  })
  const count = writer.local(rounds.count)
  if (flat)
    for (const i of gradient.keys()) writer.line(`v128.store(gradient, f64x2.div(sum${i}, ${count}), ${16 * i})`)
  else overCoordinates((sum) => `f64x2.div(${sum}, ${count})`)
  return functionOf(model, scope, writer, `${signature}: void`, begin)
}
