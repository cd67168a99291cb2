import { compile, Kernel, type PreparedCell, prepare } from '@driftfarm/kernel'
import { type Cell, parseSweep, type ResolvedCell } from '@driftfarm/spec'
import {
  checksOf,
  estimatesOf,
  type Premises,
  tallyFromJson,
  tallyToJson,
} from '../../../packages/statistics/src/index.ts'
import { premisesOf } from '../../../packages/theory/src/index.ts'
import { printTable } from '../kernel/measure.ts'

/** Goals in microseconds a cell, beside which the figures are printed. */
const goals = { walk: 12, identity: 12, estimates: 25, checks: 10, premises: 40 } as const

/** Values of either axis, cells of which more than the walk is measured, and trials of each. */
const side = 100
const sample = 2000
const trials = 100

/** Rounds of each measurement: the first ones are slower, until everything is compiled. The least one is printed. */
const rounds = 6

/**
 * What a small cell costs beside its trials: a double well with first exits, `side` step sizes by `side` scales of
 * drift, each part by itself on one thread. Processor time, so that other work on the machine weighs less.
 */
export async function benchCells(): Promise<void> {
  const measured: (readonly [name: string, microseconds: readonly number[]])[] = []
  const measure = async <T>(name: string, units: number, work: (round: number) => T | Promise<T>): Promise<T> => {
    const times: number[] = []
    let last!: T
    for (let round = 0; round < rounds; round++) {
      const begin = process.cpuUsage()
      last = await work(round)
      const { user, system } = process.cpuUsage(begin)
      times.push((user + system) / units)
    }
    measured.push([name, times])
    return last
  }

  const sweep = sweepOfWells()
  await measure('walk', sweep.cellCount, () => {
    let length = 0
    for (const { canonical } of sweep.cells()) length += canonical.length
    return length
  })
  const sweeps = Array.from({ length: rounds }, sweepOfWells)
  await measure('identity', sweep.cellCount, (round) => sweeps[round]!.identity())

  const cells = Array.from({ length: sample }, (_, i) => sweep.cell(Math.floor((i * sweep.cellCount) / sample)))
  const prepared = cells.map(({ cell }) => prepare(cell, []))
  const module = new WebAssembly.Module((await compile(prepared[0]!.source)) as BufferSource)
  const tallies = prepared.map(
    (each) => Kernel.create(module, each).run(0, trials, { keep: false, horizons: [] }).tally,
  )
  const estimates = await measure('estimates', sample, () =>
    cells.map(({ cell, id }, i) =>
      estimatesOf(tallies[i]!, layoutAt(prepared, i), sweep.demand, {
        kind: 'fixed',
        trial: cell.trial,
        cells: 1,
        cell: id,
      }),
    ),
  )
  await measure('tally to text', sample, () => tallies.map((tally) => JSON.stringify(tallyToJson(tally))))
  const stored = tallies.map(tallyToJson)
  await measure('tally from JSON', sample, () => stored.map((json, i) => tallyFromJson(json, layoutAt(prepared, i))))
  const premises = await measure('premises', sample, () => premisesOfAll(cells, module))
  await measure('checks', sample, () =>
    cells.map((_, i) =>
      checksOf({
        tally: tallies[i]!,
        estimates: estimates[i]!,
        ended: 'trials',
        horizon: 100,
        premises: premises[i]!,
        escape: 'exits',
      }),
    ),
  )
  printTable(
    `Processor time in microseconds per cell: ${sweep.cellCount} cells of a double well, ${trials} trials each`,
    ['', 'first round', 'fastest round', 'goal'],
    measured.map(([name, times]) => [name, times[0]!.toFixed(1), Math.min(...times).toFixed(1), goalOf(name, times)]),
  )
}

function sweepOfWells() {
  const spec = {
    version: 1,
    name: 'cells',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 0.5 } },
    trial: { steps: 100, escape: 'x >= 0' },
    sweep: {
      'update.eta': { from: 0.05, to: 0.2, count: side },
      'update.drift.sigma': { from: 0.2, to: 1.5, count: side },
    },
    trials,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'cells.json' })
}

function layoutAt(prepared: readonly PreparedCell[], i: number) {
  return prepared[i]!.layout
}

async function premisesOfAll(cells: readonly ResolvedCell[], module: WebAssembly.Module): Promise<readonly Premises[]> {
  const found: Premises[] = []
  // From the text, as threads of workers have it: neighbouring cells share no objects.
  for (const { canonical } of cells)
    found.push(await premisesOf(JSON.parse(canonical) as Cell, [], { module: async () => module, level: 0 }))
  return found
}

function goalOf(name: string, times: readonly number[]): string {
  if (!Object.hasOwn(goals, name)) return ''
  const goal = goals[name as keyof typeof goals]
  return `<= ${goal}: ${Math.min(...times) <= goal ? 'met' : 'missed'}`
}
