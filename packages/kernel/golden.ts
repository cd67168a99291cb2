// Writes src/fixtures/golden.json. Cells of a new kernel version are added. It is an error if a cell of an earlier
// version has changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { gallery } from './src/agreement/gallery.fixture.ts'
import { formatDigest, kernelOf } from './src/index.ts'

const names = [
  'double well, first exit',
  'double well, uniform drift on theta',
  'double well, rademacher drift, both events',
  'tilted, momentum, all continue',
  'double well, power and expression schedules',
  'double well, exponential, cosine and piecewise schedules',
  'banana, two exits',
  'three hole',
  'himmelblau, any minimum',
  'quadratic, 100, momentum and two drifts',
  'rosenbrock, 12',
  'ackley, 15',
  'every function',
  'double well, basin',
  'a curved valley, quench',
  'tilted, no drift, gradient',
]

interface Golden {
  readonly first: number
  readonly count: number
  readonly cells: Record<string, { readonly kernel: number; readonly digest: string }>
}

const file = new URL('src/fixtures/golden.json', import.meta.url)
const known = JSON.parse(readFileSync(file, 'utf8')) as Golden
const { first, count } = known
const cells: Golden['cells'] = {}
for (const name of names) {
  const cell = gallery[name]!
  const kernel = await kernelOf(cell)
  const digest = formatDigest(kernel.run(first, count, { keep: false, horizons: [] }).digest)
  const before = known.cells[name]
  if (before !== undefined && before.kernel === cell.kernel && before.digest !== digest)
    throw new Error(
      `${name} of kernel version ${cell.kernel} has changed: cells with changed results need a new version`,
    )
  cells[name] = { kernel: cell.kernel, digest }
}
writeFileSync(file, `${JSON.stringify({ first, count, cells }, null, 2)}\n`)
