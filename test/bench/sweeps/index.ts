import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { printTable } from '../kernel/measure.ts'
import { onFarm } from './farm.ts'
import { openHome, type ServedHome } from './home.ts'
import { findPeer, type PeerLine, runPeer } from './peer.ts'
import type { Build, Timed } from './processes.ts'
import { largeSizes, longSizes, type Size, sizes, writeSweep } from './sizes.ts'

const own = join(root, 'packages/cli/bin/driftfarm.js')

const flags = {
  only: { type: 'string' },
  large: { type: 'boolean', default: false },
  farm: { type: 'boolean', default: false },
  peer: { type: 'boolean', default: false },
  old: { type: 'string' },
} as const

/** The commands that are timed, in order; each in the home of a sweep, by its name and the path of its spec. */
const commands: Readonly<Record<string, (name: string, spec: string) => readonly string[]>> = {
  run: (_, spec) => ['run', spec, '--json'],
  'results --json': (name) => ['results', name, '--json'],
  'results --format csv': (name) => ['results', name, '--format', 'csv'],
  verify: (name) => ['verify', name],
  'run again': (_, spec) => ['run', spec, '--json'],
  plan: (_, spec) => ['plan', spec],
}

/** How often the start-up of each command is timed; the least counts. */
const startRounds = 3

/** What a command took of a sweep, and of a sweep of one cell. */
interface Measured {
  readonly whole: Timed
  readonly start: Timed
}

/**
 * Whole commands on sweeps of many small cells, as processes: what a cell costs beyond the start-up of the command,
 * and whether that stays the same from size to size. With `--old PATH` another build's driftfarm.js takes turns with
 * this one; with `--peer` the same question is computed by Dask and Numba; `--farm` has the sweeps computed by a farm.
 */
export async function benchSweeps(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: flags })
  const builds: Build[] = [{ name: '', path: own }]
  if (values.old !== undefined) builds.push({ name: ' (old)', path: values.old })
  for (const { path } of builds) if (!existsSync(path)) throw new Error(`there is no ${path}`)
  const only = values.only?.split(',').map(Number)
  const usual = values.large ? [...sizes, ...largeSizes] : sizes
  const all = [...sizes, ...largeSizes, ...longSizes]
  const chosen = only === undefined ? usual : all.filter(({ cells }) => only.includes(cells))
  if (values.farm)
    return onFarm(
      builds,
      chosen.filter(({ cells }) => only !== undefined || cells >= 10_000),
    )
  const peer = values.peer ? await findPeer() : null
  if (typeof peer === 'string') console.log(`Dask and Numba are left out: ${peer}`)
  const found: { readonly size: Size; readonly costs: ReadonlyMap<string, number> }[] = []
  for (const size of chosen) {
    const measured = await measure(builds, size)
    printSize(size, measured)
    if (peer !== null && typeof peer !== 'string') printPeer(await peerAfterWarming(peer.python, size), measured, size)
    found.push({ size, costs: new Map([...measured].map(([name, each]) => [name, costOf(each, size)])) })
  }
  printSlopes(found)
}

type BuildAtHome = Build & { readonly home: ServedHome }

async function measure(builds: readonly Build[], size: Size): Promise<ReadonlyMap<string, Measured>> {
  const homes: BuildAtHome[] = []
  const measured = new Map<string, Measured>()
  try {
    for (const build of builds) homes.push({ ...build, home: await openHome(build.path) })
    // The first run of a home compiles the module that all these cells share.
    for (const { home } of homes) await home.run(['run', writeSweep(home.folder, 'first', one(size), 1), '--json'])
    const starts = new Map<string, Timed>()
    for (let round = 0; round < startRounds; round++)
      await eachCommand(homes, `start-${round}`, one(size), 2 + round, (label, taken) => {
        if (taken.seconds < (starts.get(label)?.seconds ?? Number.POSITIVE_INFINITY)) starts.set(label, taken)
      })
    await eachCommand(homes, 'sweep', size, 2 + startRounds, (label, whole) => {
      measured.set(label, { whole, start: starts.get(label)! })
    })
    return measured
  } finally {
    for (const { home } of homes) await home.close()
  }
}

/** Runs every command on a new sweep. Builds take turns, so that what else the machine does meets all alike. */
async function eachCommand(
  homes: readonly BuildAtHome[],
  name: string,
  size: Size,
  seed: number,
  note: (label: string, taken: Timed) => void,
): Promise<void> {
  for (const [label, command] of Object.entries(commands))
    for (const { home, name: build } of homes)
      note(label + build, await home.run(command(name, writeSweep(home.folder, name, size, seed))))
}

const one = (size: Size): Size => ({ ...size, cells: 1 })

/** Milliseconds a cell beyond the start-up. */
const costOf = ({ whole, start }: Measured, { cells }: Size): number => (1000 * (whole.seconds - start.seconds)) / cells

function printSize(size: Size, measured: ReadonlyMap<string, Measured>): void {
  const { cells, trials, rows } = size
  const count = cells.toLocaleString('en')
  printTable(
    `${count} cells, ${trials} trials each, ${rows ? 'every row recorded' : 'no rows recorded'}`,
    ['', 'total s', 'start-up s', 'ms per cell', 'command CPU ms per cell', 'PostgreSQL CPU ms per cell', 'peak MB'],
    [...measured].map(([name, each]) => {
      const { whole, start } = each
      const beyond = (of: 'cpuSeconds' | 'serverSeconds') => ((1000 * (whole[of] - start[of])) / cells).toFixed(3)
      return [
        name,
        whole.seconds.toFixed(2),
        start.seconds.toFixed(2),
        costOf(each, size).toFixed(3),
        beyond('cpuSeconds'),
        beyond('serverSeconds'),
        whole.peakMB.toFixed(0),
      ]
    }),
  )
}

/** The first run of the peer compiles its kernel. */
async function peerAfterWarming(python: string, size: Size): Promise<PeerLine> {
  const folder = temporaryFolder('driftfarm-bench-')
  try {
    await runPeer(python, folder.path, one(size))
    return await runPeer(python, folder.path, size)
  } finally {
    folder.remove()
  }
}

function printPeer(line: PeerLine, measured: ReadonlyMap<string, Measured>, { cells }: Size): void {
  console.log(`\nDask and Numba: ${JSON.stringify(line)}`)
  const { whole, start } = measured.get('run')!
  const cost = (1000 * line.secondsWithoutStart) / cells
  const ratio = (whole.seconds - start.seconds) / line.secondsWithoutStart
  console.log(
    `${cost.toFixed(3)} ms per cell beyond the start-up; run takes ${ratio.toFixed(2)} times as long per cell`,
  )
}

function printSlopes(found: readonly { readonly size: Size; readonly costs: ReadonlyMap<string, number> }[]): void {
  if (found.length < 2) return
  const names = [...found[0]!.costs.keys()]
  const head = found.map(({ size }) => size.cells.toLocaleString('en'))
  printTable(
    'Milliseconds per cell beyond the start-up, with the ratio to the next smaller sweep in brackets',
    ['', ...head],
    names.map((name) => [
      name,
      ...found.map(({ costs }, i) => {
        const cost = costs.get(name)!
        const before = found[i - 1]?.costs.get(name)
        return before === undefined ? cost.toFixed(3) : `${cost.toFixed(3)} (${(cost / before).toFixed(2)})`
      }),
    ]),
  )
}
