import { compile, prepare } from '@driftfarm/kernel'
import { type Cell, type DataTable, parseSweep } from '@driftfarm/spec'
import { presets } from '../../../packages/spec/src/presets/index.ts'
import { doubleWell } from './cells.ts'
import { printTable } from './measure.ts'
import { networkCell } from './networks.ts'

const milliseconds = async (work: () => unknown) => {
  const begin = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begin)
  return (user + system) / 1000
}

interface Given {
  readonly cell: Cell
  readonly data: DataTable
}

/** From a cell to a module that can run: each preset, a large network, formulas that ask for trouble. */
export async function benchCompiling(): Promise<void> {
  const cells: [string, () => Cell | Given][] = [
    ['double well, the first of the process', () => doubleWell(1000)],
    ...presets.map(({ name }): [string, () => Cell] => [`preset ${name}`, () => presetCell(name)]),
    ['network 784-32-10, softmax, batch 32', () => networkCell([784, 32, 10], 64, { size: 32 })],
    [
      'a sum of 8,800 nodes, 2 coordinates',
      () =>
        formulaCell(
          2,
          repeat(1_100, (i) => `sin(x[1]*${i})*x[2]`, ' + '),
        ),
    ],
    [
      'a product of 200 factors, 8 coordinates',
      () =>
        formulaCell(
          8,
          repeat(200, (i) => `(x[${(i % 8) + 1}] + ${i})`, '*'),
        ),
    ],
    [
      '200 functions inside each other',
      () =>
        formulaCell(
          1,
          nest(200, (inner, i) => `${i % 2 ? 'sin' : 'tanh'}(${inner})`),
        ),
    ],
    [
      '60 quotients inside each other',
      () =>
        formulaCell(
          2,
          nest(60, (inner) => `(x[2]/(1 + (${inner})^2))`),
        ),
    ],
    ['a sum of a million terms', () => formulaCell(1, 'sum(i, 1, 1000000, sin(i*x[1]))')],
  ]
  const rows: string[][] = []
  for (const [name, make] of cells) rows.push([name, ...(await times(make))])
  printTable(
    'Compile times, ms of processor time (goal: a module in less than 300)',
    ['', 'cell to source', 'source to module', 'bytes'],
    rows,
  )
}

async function times(make: () => Cell | Given): Promise<string[]> {
  try {
    const made = make()
    const { cell, data } = 'cell' in made ? made : { cell: made, data: null }
    let source = ''
    let bytes = new Uint8Array()
    const emitted = await milliseconds(() => {
      source = prepare(cell, data).source
    })
    const compiled = await milliseconds(async () => {
      bytes = new Uint8Array(await compile(source))
      await WebAssembly.compile(bytes)
    })
    return [emitted.toFixed(0), compiled.toFixed(0), bytes.length.toLocaleString('en')]
  } catch (error) {
    // A refusal is an answer too, with its reason.
    return ['', '', `refused: ${(error as Error).message.split('\n')[0]!.slice(0, 60)}`]
  }
}

function repeat(count: number, term: (i: number) => string, between: string): string {
  return Array.from({ length: count }, (_, i) => term(i + 1)).join(between)
}

function nest(depth: number, around: (inner: string, i: number) => string): string {
  let text = 'x[1]'
  for (let i = 0; i < depth; i++) text = around(text, i)
  return text
}

function formulaCell(dimension: number, expression: string): Cell {
  const cell = doubleWell(1000)
  return {
    ...cell,
    landscape: {
      kind: 'formula',
      dimension,
      variables: null,
      expression,
      parameters: [],
      data: null,
      batch: null,
    },
    start: { kind: 'point', point: new Array<number>(dimension).fill(0.5) },
    trial: { ...cell.trial, escape: { kind: 'exits', exits: [['', 'x[1] >= 1']] }, minima: [] },
  }
}

function presetCell(preset: string): Cell {
  const spec = {
    version: 1,
    name: 'compile',
    seed: 1,
    landscape: { preset },
    start: { minimum: presets.find(({ name }) => name === preset)!.minima[0]!.name },
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 1000, escape: 'distance >= 1' },
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: preset }).cell(0).cell
}
