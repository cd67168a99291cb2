// Writes src/fixtures/golden.json for a new kernel version; refuses while the version is the one in the file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { gallery } from './src/cells.fixture.ts'
import { compile, formatDigest, Kernel, prepare } from './src/index.ts'

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
]
const first = 10 ** 12
const count = 500

const file = new URL('src/fixtures/golden.json', import.meta.url)
if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).kernel === KERNEL_VERSION) {
  throw new Error(`golden.json is of kernel version ${KERNEL_VERSION} already: results that changed need a new one`)
}
const digests: Record<string, string> = {}
for (const name of names) {
  const prepared = prepare(gallery[name]!)
  const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
  digests[name] = formatDigest(kernel.run(first, count, { keep: false, horizons: [] }).digest)
}
writeFileSync(file, `${JSON.stringify({ kernel: KERNEL_VERSION, first, count, digests }, null, 2)}\n`)
