import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseSweep, widened } from '@driftfarm/spec'
import { root } from '@driftfarm/testing/command'
import { printTable } from '../kernel/measure.ts'
import { openHome, type ServedHome } from '../sweeps/home.ts'

const build = join(root, 'packages/cli/bin/driftfarm.js')
const program = join(import.meta.dirname, 'digits.py')

const [steps, sigma] = [2000, 0.02]
/** Trials of Drift Farm, and trials of NumPy, whose time for more trials follows from these two numbers. */
const counts = [8, 40, 200] as const
const [few, some] = [8, 40] as const
/** Largest ratio of the times with 200 trials, by the number of steps between two evaluations of the mark. */
const goals: Readonly<Record<number, number>> = { 1: 1.3, 20: 1 }
/** NumPy's ways to compute it, with their names in the table. */
const layouts = { one: 'NumPy, one trial after another', side: 'NumPy, 20 trials side by side' } as const

type Seconds = Readonly<Record<'elapsed' | 'processor', number>>

/**
 * The digits experiment: a network 64-32-10, mini-batches of 32, Gaussian drift, 2,000 steps, one thread, and a mark on
 * the loss over all samples. Whole `run` commands on a warm home, with checks, against the NumPy program digits.py with
 * one BLAS thread. The programs take turns.
 */
export async function benchDigits(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { rounds: { type: 'string', default: '2' } } })
  const rounds = Number(values.rounds)
  if (spawnSync('python3', ['-c', 'import numpy']).status !== 0)
    return console.log('digits is left out: it needs python3 with numpy')
  const home = await openHome(build)
  const times = new Map<string, Seconds[]>()
  const note = (key: string, seconds: Seconds) => times.set(key, [...(times.get(key) ?? []), seconds])
  try {
    const data = writeDigits(home.folder)
    for (const every of [1, 20]) await command(home, { every, trials: 1, seed: 0 })
    for (let round = 1; round <= rounds; round++)
      for (const every of [1, 20]) {
        for (const trials of counts) note(`${every} ${trials}`, await command(home, { every, trials, seed: round }))
        for (const layout of Object.keys(layouts))
          for (const trials of [few, some])
            note(`${every} ${layout} ${trials}`, numpy([layout, trials, steps, every, sigma, round, data]))
      }
  } finally {
    await home.close()
  }
  for (const [layout, name] of Object.entries(layouts))
    printTable(
      `Digits, ${rounds} rounds: time of Drift Farm as part of that of ${name}`,
      ['mark read every', 'trials', 'elapsed', 'range', 'processor', 'range', 'goal'],
      [1, 20].flatMap((every) => counts.map((trials) => rowOf(times, { every, trials, layout }))),
    )
}

function rowOf(
  times: ReadonlyMap<string, readonly Seconds[]>,
  { every, trials, layout }: { readonly every: number; readonly trials: number; readonly layout: string },
): string[] {
  const own = times.get(`${every} ${trials}`)!
  const ratios = (key: keyof Seconds) =>
    own.map((each, round) => {
      const [a, b] = [few, some].map((of) => times.get(`${every} ${layout} ${of}`)![round]![key]) as [number, number]
      return each[key] / (b + ((trials - some) * (b - a)) / (some - few))
    })
  const shown = (values: readonly number[]) => [
    (values.reduce((sum, x) => sum + x, 0) / values.length).toFixed(2),
    `${Math.min(...values).toFixed(2)} .. ${Math.max(...values).toFixed(2)}`,
  ]
  const goal = goals[every]!
  const isMet = Math.max(...ratios('elapsed')) <= goal
  return [
    every === 1 ? 'step' : `${every} steps`,
    `${trials}`,
    ...shown(ratios('elapsed')),
    ...shown(ratios('processor')),
    trials === counts.at(-1) ? `<= ${goal}: ${isMet ? 'met' : 'missed'}` : '',
  ]
}

const network = {
  layers: [64, 32, 10],
  activation: 'tanh',
  output: 'softmax',
  loss: 'cross-entropy',
  data: { preset: 'digits', scale: 'standard' },
  batch: 32,
}

interface Run {
  readonly every: number
  readonly trials: number
  readonly seed: number
}

const specOf = ({ every, trials, seed }: Run): object => ({
  version: 1,
  name: `digits-${every}-${trials}`,
  seed,
  landscape: { network },
  start: { init: 'xavier' },
  update: { eta: 0.1, drift: { sigma } },
  trial: { steps, marks: { learned: { when: 'loss <= 0.05', every } } },
  trials,
})

async function command(home: ServedHome, run: Run): Promise<Seconds> {
  const file = join(home.folder, 'digits.json')
  writeFileSync(file, JSON.stringify(specOf(run)))
  const { seconds, cpuSeconds, serverSeconds } = await home.run(['run', file, '--threads', '1'])
  return { elapsed: seconds, processor: cpuSeconds + serverSeconds }
}

/** NumPy measures its own processor time, because Node does not measure that of a child. */
function numpy(given: readonly (string | number)[]): Seconds {
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  const begin = performance.now()
  const output = execFileSync('python3', [program, ...given.map(String)], { env: { ...process.env, ...one } })
  const elapsed = (performance.now() - begin) / 1e3
  const { reached, trials, processor } = JSON.parse(output.toString())
  if (reached !== trials) throw new Error(`${reached} of ${trials} trials of NumPy reached the mark`)
  return { elapsed, processor }
}

/** The digits as the file that digits.py reads: 64 pixels and the digit, as bytes. */
function writeDigits(folder: string): string {
  const { data: _, ...rest } = network
  const text = JSON.stringify({
    ...specOf({ every: 1, trials: 1, seed: 0 }),
    landscape: { network: { ...rest, data: { preset: 'digits' } } },
  })
  const table = parseSweep(text, { fileName: 'digits.json' }).cell(0).tables[0]!
  const { rows, columns } = table
  const values = widened(table)
  const bytes = Buffer.alloc(rows * 65)
  for (let row = 0; row < rows; row++) {
    const of = values.subarray(row * columns, (row + 1) * columns)
    bytes.set(of.subarray(0, 64), row * 65)
    bytes[row * 65 + 64] = of.subarray(64).indexOf(1)
  }
  const file = join(folder, 'digits.bin')
  writeFileSync(file, bytes)
  return file
}
