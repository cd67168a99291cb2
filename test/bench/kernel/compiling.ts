import { compile, decodeOutcome, Kernel, prepare } from '@driftfarm/kernel'
import { type Cell, type DataTable, parseSweep } from '@driftfarm/spec'
import { hostileSpecs } from '../../../packages/kernel/src/agreement/hostile.fixture.ts'
import { presets } from '../../../packages/spec/src/presets/presets.ts'
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

/** From a cell to a module that can run: each preset, a large network; and whole specs that ask for trouble. */
export async function benchCompiling(): Promise<void> {
  const cells: [string, () => Cell | Given][] = [
    ['double well, as the first cell of the process', () => doubleWell(1000)],
    ...presets.map(({ name }): [string, () => Cell] => [`preset ${name}`, () => presetCell(name)]),
    ['network 784-32-10, softmax, batch 32', () => networkCell([784, 32, 10], 64, { size: 32 })],
  ]
  const rows: string[][] = []
  for (const [name, make] of cells) rows.push([name, ...(await times(make))])
  printTable(
    'Compile times in ms of processor time (goal: less than 300 for each module)',
    ['', 'from cell to source', 'from source to module', 'bytes of the module'],
    rows,
  )
  printTable(
    `Hostile specs: ms of processor time from the text to the first outcomes (goal: all below ${goal})`,
    ['', 'from text to cell', 'from cell to source', 'from source to module', '2 trials of 5 steps', 'all', 'outcome'],
    await hostileRows(),
  )
}

const goal = 2_000

/** The whole way of each spec that asks for trouble: an outcome, or an error with its reason. */
async function hostileRows(): Promise<string[][]> {
  const rows: string[][] = []
  for (const [name, make] of Object.entries(hostileSpecs)) {
    const text = JSON.stringify(make())
    const spent: number[] = []
    const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
      const begin = process.cpuUsage()
      try {
        return await work()
      } finally {
        const { user, system } = process.cpuUsage(begin)
        spent.push((user + system) / 1000)
      }
    }
    let end: string
    try {
      const { cell, tables } = await step(() => parseSweep(text, { fileName: 'hostile.json' }).cell(0))
      const prepared = await step(() => prepare(cell, tables))
      const module = await step(async () => WebAssembly.compile((await compile(prepared.source)) as BufferSource))
      const { records } = await step(() => Kernel.create(module, prepared).run(0, 2, { keep: true, horizons: [] }))
      end = decodeOutcome(records!, prepared.layout, 0).end
    } catch (error) {
      end = `refused: ${(error as Error).message.replace(/\s+/g, ' ').slice(-100)}`
    }
    const all = spent.reduce((sum, time) => sum + time, 0)
    const shown = Array.from({ length: 4 }, (_, i) => spent[i]?.toFixed(0) ?? '')
    rows.push([name, ...shown, `${all.toFixed(0)}${all > goal ? ' !' : ''}`, end])
  }
  return rows
}

async function times(make: () => Cell | Given): Promise<string[]> {
  try {
    const made = make()
    const { cell, data } = 'cell' in made ? made : { cell: made, data: null }
    let source = ''
    let bytes = new Uint8Array()
    const emitted = await milliseconds(() => {
      source = prepare(cell, data === null ? [] : [data]).source
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

export function presetCell(preset: string): Cell {
  const spec = {
    version: 1,
    name: 'compile',
    seed: 1,
    landscape: { preset },
    start: { minimum: Object.keys(presets.find(({ name }) => name === preset)!.minima)[0] },
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 1000, escape: 'distance >= 1' },
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: preset }).cell(0).cell
}
