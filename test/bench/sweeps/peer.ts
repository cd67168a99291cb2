import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Size } from './sizes.ts'

const program = fileURLToPath(new URL('../../benchmarks/peers/double_well.py', import.meta.url))
/** Debian's packages are for its own Python, which need not be the first on PATH. */
const pythons = ['/usr/bin/python3', 'python3']

/** What the peer prints. */
export interface PeerLine {
  readonly wallSeconds: number
  readonly secondsWithoutStart: number
  readonly cpuSeconds: number
  readonly peakMB: number
}

/** A Python that has what the peer needs; else the reason why there is none. */
export async function findPeer(): Promise<{ readonly python: string } | string> {
  let reason = ''
  for (const python of pythons) {
    try {
      await run(python, ['-c', 'import numba, dask, distributed'])
      return { python }
    } catch (error) {
      const words = String((error as { stderr?: unknown }).stderr ?? '').trim()
      reason ||= words.split('\n').at(-1) || String(error)
    }
  }
  return reason
}

/** Runs the peer on a sweep of this size. */
export async function runPeer(python: string, folder: string, size: Size): Promise<PeerLine> {
  const { cells, trials, rows, steps = 100, inTask = 100 } = size
  const kept = rows ? '--rows' : '--no-rows'
  const file = join(folder, 'peer.db')
  const numbers = { cells, trials, steps, 'cells-per-task': inTask }
  const given = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { stdout } = await run(python, [program, ...given, kept, '-o', file])
  return JSON.parse(stdout) as PeerLine
}

const run = promisify(execFile)
