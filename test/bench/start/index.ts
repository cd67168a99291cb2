import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { printTable } from '../kernel/measure.ts'
import { environment } from '../sweeps/processes.ts'

// How long the command takes to start, beside Node itself: `npm run bench start -- --rounds 20`. The programs take
// turns, so a busy machine slows all of them. Each run is a small sweep of 21 cells, with an empty HOME; the first
// answer is the table of its results.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const spec = join(root, 'examples/double-well.yaml')
const run = (trials = 100): readonly string[] => [build, 'run', spec, '--trials', String(trials)]

interface Program {
  readonly name: string
  readonly home: 'none' | 'warm' | 'fresh'
  arguments_(round: number): readonly string[]
}

const programs: readonly Program[] = [
  { name: 'node -e 0', home: 'none', arguments_: () => ['-e', '0'] },
  { name: 'driftfarm --version', home: 'none', arguments_: () => [build, '--version'] },
  { name: 'driftfarm --help', home: 'none', arguments_: () => [build, '--help'] },
  {
    name: 'TAB after `driftfarm results `',
    home: 'warm',
    arguments_: () => [build, 'complete', '--', 'results', ''],
  },
  { name: 'driftfarm list', home: 'warm', arguments_: () => [build, 'list'] },
  { name: 'driftfarm run, all trials stored', home: 'warm', arguments_: () => run() },
  // Other seeds make other cells, so nothing is reused.
  {
    name: 'driftfarm run, a new sweep',
    home: 'warm',
    arguments_: (round) => [...run(), '--set', `seed=${round}`],
  },
  { name: 'driftfarm run, one more trial per cell', home: 'warm', arguments_: (round) => run(101 + round) },
  { name: 'driftfarm run, fresh home', home: 'fresh', arguments_: () => run() },
]

export async function benchStart(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { rounds: { type: 'string', default: '10' } } })
  const warm = temporaryFolder('driftfarm-bench-')
  await seconds(run(), warm.path)
  // They are removed at the end: for root, the next start of a server would delete the data of a removed home.
  const homes: { remove(): void }[] = [warm]
  const times = programs.map((): Seconds[] => [])
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [at, { arguments_, home }] of programs.entries()) {
      const fresh = temporaryFolder('driftfarm-bench-')
      homes.push(fresh)
      times[at]!.push(await seconds(arguments_(round), home === 'warm' ? warm.path : fresh.path))
    }
  for (const home of homes) home.remove()
  const node = median(times[0]!.map(({ end }) => end))
  const cells = (seconds: number) => [(1000 * seconds).toFixed(0), (seconds / node).toFixed(1)]
  printTable(
    `Median of ${values.rounds} rounds, and how many times as long as the whole of \`node -e 0\``,
    ['command', 'ms to the first answer', 'times node', 'ms to the end', 'times node'],
    programs.map(({ name }, at) => [
      name,
      ...cells(median(times[at]!.map(({ first }) => first))),
      ...cells(median(times[at]!.map(({ end }) => end))),
    ]),
  )
}

/** Time until the first byte on standard output (without output: until the end), and until the end. */
interface Seconds {
  readonly first: number
  readonly end: number
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

async function seconds(arguments_: readonly string[], home: string): Promise<Seconds> {
  const began = performance.now()
  const child = spawn(process.execPath, arguments_, {
    env: { ...environment(home), HOME: join(home, 'user') },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let first: number | null = null
  child.stdout.on('data', () => {
    first ??= (performance.now() - began) / 1000
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`node ${arguments_.join(' ')} ended with ${code}`)
  const end = (performance.now() - began) / 1000
  return { first: first ?? end, end }
}
