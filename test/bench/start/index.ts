import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { printTable } from '../kernel/measure.ts'
import { environment } from '../sweeps/processes.ts'

// How long the command takes to start, beside Node itself: `npm run bench start -- --rounds 20`. The programs take
// turns, so a busy machine slows all of them. Each run computes a small sweep, with an empty HOME; the first answer is
// the table of its results.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const spec = join(root, 'examples/double-well.yaml')
const run = [build, 'run', spec, '--trials', '100']

const programs: readonly (readonly [name: string, arguments_: readonly string[], home: 'none' | 'warm' | 'fresh'])[] = [
  ['node -e 0', ['-e', '0'], 'none'],
  ['driftfarm --version', [build, '--version'], 'none'],
  ['driftfarm --help', [build, '--help'], 'none'],
  ['TAB after `driftfarm results `', [build, 'complete', '--', 'results', ''], 'warm'],
  ['driftfarm list', [build, 'list'], 'warm'],
  ['driftfarm run, warm home', run, 'warm'],
  ['driftfarm run, fresh home', run, 'fresh'],
]

export async function benchStart(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { rounds: { type: 'string', default: '10' } } })
  const warm = temporaryFolder('driftfarm-bench-')
  await seconds(run, warm.path)
  // They are removed at the end: for root, the next start of a server would delete the data of a removed home.
  const homes: { remove(): void }[] = [warm]
  const times = programs.map((): Seconds[] => [])
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [at, [, arguments_, home]] of programs.entries()) {
      const fresh = temporaryFolder('driftfarm-bench-')
      homes.push(fresh)
      // A run with other trials each time, so that none is reused.
      const own = arguments_ === run && home === 'warm' ? [...run.slice(0, -1), String(200 + round)] : arguments_
      times[at]!.push(await seconds(own, home === 'warm' ? warm.path : fresh.path))
    }
  for (const home of homes) home.remove()
  const node = median(times[0]!.map(({ end }) => end))
  const cells = (seconds: number) => [(1000 * seconds).toFixed(0), (seconds / node).toFixed(1)]
  printTable(
    `Median of ${values.rounds} rounds, and how many times as long as the whole of \`node -e 0\``,
    ['command', 'ms to the first answer', 'times node', 'ms to the end', 'times node'],
    programs.map(([name], at) => [
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
