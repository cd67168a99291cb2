import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compiledModule, Kernel, type PreparedCell, prepare } from '@driftfarm/kernel'
import { demandOf, parseSweep, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { levelFor, premisesOf } from '../../../packages/theory/src/index.ts'
import { printTable } from '../kernel/measure.ts'
import { digitsSpec, digitsTable } from './digits.ts'

const examples = resolve(import.meta.dirname, '../../../examples')
/**
 * Cells of a sweep that are measured: all of them up to `maxCells`, else blocks of neighbours, because a worker
 * computes what neighbours share only once. The benchmark stops early when premises have taken `maxSeconds`.
 */
const maxCells = 256
const blocks = 8
const maxSeconds = 10
/** The first cells also pay for what the engine compiles: they count once, and say nothing of the others. */
const cold = 8
/** Processor seconds for the trials of all measured cells together, and of each one. */
const secondsOfTrials = { all: 4, each: 0.5 } as const
/** The share that premises may take, and the trials in seconds from which on it holds. */
const goal = 0.05
const shortest = 10

/**
 * Processor time of trials and of premises, for each example and for a network of the shape of the digits with 8 and
 * 200 trials a cell, on one thread: trials are measured for a moment and scaled to the number that the spec asks for;
 * premises are found as a worker finds them. All other time of the process, nearly all of it for compiling, has its own
 * column. Options: words in the names of those that are wanted.
 */
export async function benchPremises(options: readonly string[]): Promise<void> {
  const words = options.filter((option) => option !== '--').map((option) => option.replace(/^--/, ''))
  const names = readdirSync(examples).filter((name) => name.endsWith('.yaml'))
  const sweeps: readonly (readonly [string, () => Sweep])[] = [
    ...[8, 200].map((trials) => [`digits, ${trials} trials per cell`, () => digits(trials)] as const),
    ...names.map((name) => [name, () => example(name)] as const),
  ]
  const rows: string[][] = []
  for (const [name, read] of sweeps)
    if (words.length === 0 || words.some((word) => name.includes(word))) rows.push(await rowOf(name, read()))
  const head = ['sweep', 'cells', 'trials, s', 'premises, s', 'share', 'goal', 'compiling, s', 'levels', 'left out']
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
  const chosen = indicesOf(sweep.cellCount)
  const forEach = Math.min(secondsOfTrials.each, secondsOfTrials.all / chosen.length)
  const found = { cells: 0, trials: 0, cold: 0, warm: 0 }
  const before = processSeconds()
  let [counted, compiling] = [0, 0]
  const levels = new Set<number>()
  const out = new Map<string, number>()
  const module = async (prepared: PreparedCell) => {
    const begin = seconds()
    const made = await compiledModule(prepared)
    compiling += seconds() - begin
    return made
  }
  for (const index of chosen) {
    if (found.cells > cold && found.cold + found.warm > maxSeconds) break
    const resolved = sweep.cell(index)
    const { trials, steps, asked, ran } = await timeOfTrials(resolved, sweep, { module, atMost: forEach })
    found.trials += trials
    const level = levelFor(resolved.cell, {
      trials: asked,
      cells: sweep.cellCount,
      steps,
      seconds: trials / asked,
    })
    levels.add(level)
    const begin = seconds() - compiling
    const { failed } = await premisesOf(resolved.cell, resolved.tables, { level, module })
    const spent = seconds() - compiling - begin
    found[found.cells < cold ? 'cold' : 'warm'] += spent
    counted += ran + spent
    found.cells += 1
    for (const { part } of failed) out.set(part, (out.get(part) ?? 0) + 1)
  }
  const scale = sweep.cellCount / found.cells
  const others = Math.max(0, sweep.cellCount - cold)
  const premises = found.cold + (others * found.warm) / Math.max(1, found.cells - cold)
  const share = premises / (scale * found.trials)
  return [
    name,
    `${sweep.cellCount}`,
    (scale * found.trials).toFixed(2),
    premises.toFixed(2),
    `${(100 * share).toFixed(1)} %`,
    scale * found.trials < shortest ? '' : share <= goal ? 'met' : 'missed',
    (processSeconds() - before - counted).toFixed(2),
    [...levels].sort().join(' '),
    [...out].map(([part, cells]) => `${part} of ${cells}/${found.cells}`).join(', '),
  ]
}

/** All cells, or blocks of neighbours that are evenly spread. */
function indicesOf(cells: number): readonly number[] {
  if (cells <= maxCells) return Array.from({ length: cells }, (_, i) => i)
  const size = maxCells / blocks
  return Array.from({ length: maxCells }, (_, i) => Math.floor((Math.floor(i / size) * cells) / blocks) + (i % size))
}

async function timeOfTrials(
  { cell, tables }: ResolvedCell,
  sweep: Sweep,
  { module, atMost }: { readonly module: typeof compiledModule; readonly atMost: number },
) {
  const demand = demandOf(sweep.demand, cell.method.kind)
  const asked = demand.trials ?? demand.until!.min
  const prepared = prepare(cell, tables)
  const kernel = Kernel.create(await module(prepared), prepared)
  let [ran, spent, steps] = [0, 0, 0]
  while (ran < asked && spent < atMost) {
    const some = Math.min(asked - ran, Math.max(1, ran))
    const begin = seconds()
    const { tally } = kernel.run(ran, some, { keep: false, horizons: [] })
    spent += seconds() - begin
    ran += some
    steps += Number(tally.steps)
  }
  return { trials: (spent * asked) / ran, steps: steps / ran, asked, ran: spent }
}

/**
 * Processor time of this thread, where the system tells it: the engine compiles modules in threads of its own, for some
 * time after they have begun to run.
 */
function seconds(): number {
  if (!existsSync(ofThread)) return processSeconds()
  return Number(readFileSync(ofThread, 'utf8').split(' ')[0]) / 1e9
}

const ofThread = '/proc/thread-self/schedstat'

function processSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
