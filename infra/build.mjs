// Builds the command: the program (program.mjs), and two libraries for tests, which run both in their own process.
import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { direct } from './direct.mjs'
import { locked } from './lock.mjs'
import { banner, outside, patternsOf, program, shared } from './program.mjs'
import { root } from './root.mjs'

/** Options of a bundle of ES modules with packages from npm outside. */
export const modules = {
  ...shared,
  format: 'esm',
  legalComments: 'none',
  external: patternsOf([...outside, '@prisma/adapter-pg', 'bullmq', 'ioredis', 'pg', 'pg-copy-streams']),
  banner,
  plugins: [direct()],
}

/** A bundle in several files, which load only what they need. */
export const inChunks = { splitting: true, chunkNames: 'chunks/[name]-[hash]' }

const dist = join(root, 'packages/cli/dist')
/** A running command may still load chunks of the build with which it started. */
const keptMs = 60 * 60_000

/** Builds the command, and replaces the previous build when the new one is complete. */
export async function build() {
  const { build: bundle } = await import('esbuild')
  const { outputFiles } = await bundle({
    ...modules,
    ...inChunks,
    entryPoints: {
      command: join(root, 'packages/cli/src/index.ts'),
      library: join(root, 'packages/driftfarm/src/index.ts'),
    },
    outdir: dist,
    sourcemap: true,
  })
  const { files } = await program()
  for (const { path, contents } of outputFiles) files.set(relative(dist, path), contents)
  await replace(dist, files)
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
