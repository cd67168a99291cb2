/**
 * Builds the page into dist/page, the playground of the documentation's site into dist/site/play, and the custom
 * element into a file of both: `node --import tsx packages/dashboard/build.ts`. The kernels of the playground are
 * compiled beside them, since the compiler is larger than everything else together.
 */
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, networkSlopes, prepare } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { build, type Rolldown } from 'vite'
import { beginningOf, presets, specOf } from './src/compute/playSpec.ts'
import { siteFigures } from './src/site/siteFigures.ts'
import config from './vite.config.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const page = `${root}/dist/page`
const site = `${root}/dist/site/play`
// Tests set NODE_ENV to their own value, which would build the page for developers.
process.env.NODE_ENV = 'production'
const { output } = (await build({
  root,
  configFile: `${root}/vite.config.ts`,
  logLevel: 'warn',
})) as Rolldown.RolldownOutput

async function writeKernel(folder: string, name: string, spec: string): Promise<void> {
  const { cell } = parseSweep(spec, { fileName: name, slopesOf: networkSlopes }).cell(0)
  writeFileSync(`${folder}/kernels/${name}.wasm`, await compile(prepare(cell).source))
}

mkdirSync(`${page}/kernels`, { recursive: true })
for (const { name } of presets) await writeKernel(page, name, specOf(beginningOf(name, 1)))

// The site gets its own entry and the files that this entry or the thread loads.
const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])))
const needed = new Set(['icon.svg', 'kernels'])
function need(fileName: string): void {
  const chunk = chunks.get(fileName)
  if (chunk === undefined || needed.has(fileName)) return
  needed.add(fileName)
  for (const name of chunk.viteMetadata?.importedCss ?? []) needed.add(name)
  for (const name of [...chunk.imports, ...chunk.dynamicImports]) need(name)
}
for (const { name, isEntry, fileName } of chunks.values()) if (isEntry && name !== 'index') need(fileName)
rmSync(site, { recursive: true, force: true })
for (const name of needed) {
  mkdirSync(dirname(`${site}/${name}`), { recursive: true })
  cpSync(`${page}/${name}`, `${site}/${name}`, { recursive: true })
}
renameSync(`${page}/site.html`, `${site}/index.html`)
for (const [name, { settings, spec }] of Object.entries(siteFigures))
  await writeKernel(site, name, spec(...settings.map(({ value }) => value)))

// The element is one file, so that a page or a notebook can load it from anywhere.
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  resolve: config.resolve!,
  build: {
    target: 'es2022',
    outDir: 'dist/page',
    emptyOutDir: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: `${root}/src/element/index.ts`,
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'element.js', codeSplitting: false },
    },
  },
})
cpSync(`${page}/element.js`, `${root}/dist/site/element.js`)
