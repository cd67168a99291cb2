import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compiledModule, Kernel, type PreparedCell, prepare } from '@driftfarm/kernel'
import { demandOf, parseSweep, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { levelFor, premisesOf } from '../../../packages/theory/src/index.ts'
import { printTable } from '../kernel/measure.ts'
import { digitsSpec, digitsTable } from './digits.ts'

const examples = resolve(import.meta.dirname, '../../../examples')
/** Cells of a sweep that are measured, evenly spread, and processor seconds for the trials of each. */
const mostCells = 8
const secondsOfTrials = 0.5
/** The share that premises may take, and the trials in seconds from which on it holds. */
const goal = 0.05
const shortest = 10

/**
 * Processor time of trials and of premises, for each example and for a network of the shape of the digits with 8 and
 * 200 trials a cell, on one thread: trials are measured for a moment and scaled to the number that the spec asks for;
 * premises of a sample of cells are found as a worker finds them. The time of compiling stands by itself. Options:
 * words in the names of those that are wanted.
 */
export async function benchPremises(options: readonly string[]): Promise<void> {
  const words = options.filter((option) => option !== '--').map((option) => option.replace(/^--/, ''))
  const names = readdirSync(examples).filter((name) => name.endsWith('.yaml'))
  const sweeps: readonly (readonly [string, () => Sweep])[] = [
    ...[8, 200].map((trials) => [`digits ${trials}`, () => digits(trials)] as const),
    ...names.map((name) => [name, () => example(name)] as const),
  ]
  const rows: string[][] = []
  for (const [name, read] of sweeps)
    if (words.length === 0 || words.some((word) => name.includes(word))) rows.push(await rowOf(name, read()))
  const head = ['sweep', 'cells', 'trials s', 'premises s', 'share', 'goal', 'compiling s', 'levels', 'left out']
  printTable('Premises: processor time', head, rows)
}

const example = (name: string): Sweep =>
  parseSweep(readFileSync(join(examples, name), 'utf8'), {
    fileName: name,
    readBytes: (path) => readFileSync(join(examples, path)),
  })

const digits = (trials: number): Sweep =>
  parseSweep(digitsSpec(trials), { fileName: 'digits.json', readBytes: () => Buffer.from(digitsTable()) })

async function rowOf(name: string, sweep: Sweep): Promise<string[]> {
  const count = Math.min(sweep.cellCount, mostCells)
  const found = { trials: 0, premises: 0, first: 0, compiling: 0 }
  const levels = new Set<number>()
  const out = new Map<string, number>()
  const module = async (prepared: PreparedCell) => {
    const begin = seconds()
    const made = await compiledModule(prepared)
    found.compiling += seconds() - begin
    return made
  }
  for (let i = 0; i < count; i++) {
    const resolved = sweep.cell(Math.floor((i * sweep.cellCount) / count))
    const { trials, steps, asked } = await timeOfTrials(resolved, sweep, module)
    found.trials += trials
    const level = levelFor(resolved.cell, {
      trials: asked,
      cells: sweep.cellCount,
      steps,
      seconds: trials / asked,
    })
    levels.add(level)
    const begin = seconds() - found.compiling
    const { failed } = await premisesOf(resolved.cell, resolved.data, { level, module })
    // The first cell also pays for what the engine compiles and for what is shared.
    if (i === 0) found.first = seconds() - found.compiling - begin
    else found.premises += seconds() - found.compiling - begin
    for (const { part } of failed) out.set(part, (out.get(part) ?? 0) + 1)
  }
  const scale = sweep.cellCount / count
  const premises = found.first + ((sweep.cellCount - 1) * found.premises) / Math.max(1, count - 1)
  const share = premises / (scale * found.trials)
  return [
    name,
    `${sweep.cellCount}`,
    (scale * found.trials).toFixed(2),
    premises.toFixed(2),
    `${(100 * share).toFixed(1)} %`,
    scale * found.trials < shortest ? '' : share <= goal ? 'met' : 'missed',
    found.compiling.toFixed(2),
    [...levels].sort().join(' '),
    [...out].map(([part, cells]) => `${part} of ${cells}/${count}`).join(', '),
  ]
}

async function timeOfTrials({ cell, data }: ResolvedCell, sweep: Sweep, module: typeof compiledModule) {
  const demand = demandOf(sweep.demand, cell.method.kind)
  const asked = demand.trials ?? demand.until!.min
  const prepared = prepare(cell, data)
  const kernel = Kernel.create(await module(prepared), prepared)
  let [ran, spent, steps] = [0, 0, 0]
  while (ran < asked && spent < secondsOfTrials) {
    const some = Math.min(asked - ran, Math.max(1, ran))
    const begin = seconds()
    const { tally } = kernel.run(ran, some, { keep: false, horizons: [] })
    spent += seconds() - begin
    ran += some
    steps += Number(tally.steps)
  }
  return { trials: (spent * asked) / ran, steps: steps / ran, asked }
}

function seconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
