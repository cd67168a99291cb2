/**
 * Builds the page into dist/page: `node --import tsx packages/dashboard/build.ts`. The kernels of the playground are
 * compiled beside it, since the compiler is larger than everything else together.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, networkSlopes, prepare } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { build } from 'vite'
import { presets, specOf } from './src/compute/playSpec.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
// Tests set NODE_ENV to their own value, which would build the page for developers.
process.env.NODE_ENV = 'production'
await build({ root, configFile: `${root}/vite.config.ts`, logLevel: 'warn' })

const folder = `${root}/dist/page/kernels`
mkdirSync(folder, { recursive: true })
for (const { name, eta, sigma, steps } of presets) {
  const text = specOf({ preset: name, eta, sigma, steps, seed: 1 })
  const { cell } = parseSweep(text, { fileName: name, slopesOf: networkSlopes }).cell(0)
  writeFileSync(`${folder}/${name}.wasm`, await compile(prepare(cell).source))
}
