import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { build } from 'esbuild'
import { studentQuantile } from '../../../packages/statistics/src/special/beta.ts'
import type { Usual } from '../../chaos/build.ts'
import { printTable } from '../kernel/measure.ts'

const run = promisify(execFile)
const sides = ['kernel', 'ledger', 'command'] as const

/**
 * Compares this checkout with another one that is set up, `--old FOLDER`, in pairs of processes that take turns.
 * Prints the ratio of their times, with a 95 % interval for its geometric mean over the pairs (Student's t). Kernels
 * are measured in processor time; calls of the ledger, and a whole command, in wall-clock time.
 */
export async function benchPairs(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: { old: { type: 'string' }, pairs: { type: 'string', default: '8' }, only: { type: 'string' } },
  })
  if (values.old === undefined) return console.log('pairs is left out: it needs --old FOLDER, another checkout')
  const pairs = Number(values.pairs)
  if (!Number.isInteger(pairs) || pairs < 2) throw new Error(`--pairs ${values.pairs}: give an integer of at least 2`)
  const chosen = sides.filter((name) => values.only === undefined || values.only === name)
  if (chosen.length === 0) throw new Error(`--only ${values.only}: give one of ${sides.join(', ')}`)
  for (const side of chosen) {
    const ratios = new Map<string, { readonly log: number[]; readonly own: number[] }>()
    for (let pair = 0; pair < pairs; pair++) {
      // The two take turns in going first.
      const order = pair % 2 === 0 ? [root, values.old] : [values.old, root]
      const taken = new Map<string, Record<string, number>>()
      for (const checkout of order) taken.set(checkout, await measure(checkout, side))
      for (const [name, seconds] of Object.entries(taken.get(root)!)) {
        const row = ratios.get(name) ?? { log: [], own: [] }
        row.log.push(Math.log(seconds / taken.get(values.old)![name]!))
        row.own.push(seconds)
        ratios.set(name, row)
      }
    }
    printTable(
      `${side}: this checkout / the other, ${pairs} pairs`,
      ['', 'seconds', 'ratio', '95 % interval'],
      [...ratios].map(([name, { log, own }]) => {
        const { mean, half } = interval(log)
        const of = (x: number) => Math.exp(x).toFixed(3)
        const middle = [...own].sort((a, b) => a - b)[own.length >> 1]!
        return [name, middle.toFixed(3), of(mean), `${of(mean - half)} .. ${of(mean + half)}`]
      }),
    )
  }
}

/**
 * Measures one part in a bundle of that checkout's own sources. Without a bundle, the TypeScript loader would slow down
 * every call of a nested function, and the ratio would not be that of the product.
 */
async function measure(checkout: string, part: string): Promise<Record<string, number>> {
  const { modules }: Usual = await import(pathToFileURL(join(root, 'infra/build.mjs')).href)
  const outfile = join(checkout, 'packages/cli/dist/pairs.js')
  const contents = readFileSync(join(import.meta.dirname, 'side.ts'), 'utf8')
  const stdin = { contents, loader: 'ts', resolveDir: join(checkout, 'test/bench/kernel') } as const
  try {
    await build({ ...modules, plugins: [], stdin, outfile, write: true, absWorkingDir: checkout })
    const { stdout } = await run(process.execPath, [outfile, part], { cwd: checkout })
    return JSON.parse(stdout)
  } finally {
    rmSync(outfile, { force: true })
  }
}

function interval(values: readonly number[]): { mean: number; half: number } {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1))
  return { mean, half: (studentQuantile(0.05, n - 1) * deviation) / Math.sqrt(n) }
}
