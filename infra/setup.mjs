// Makes a checkout ready to run: the right pnpm, a frozen install, the Prisma client, the bundle. Needs only Node. A
// step is skipped if nothing that it reads has changed, so a call without changes takes well under a second.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { locked } from './lock.mjs'
import { root } from './root.mjs'

const stampFile = join(root, 'node_modules', '.driftfarm-setup.json')
/** The lock for everything that changes the build of a checkout. */
export const lockFile = join(root, 'node_modules', '.driftfarm-setup.lock')
const oldestNode = [20, 11]

/** Runs all steps that are due, one process at a time. Throws an Error whose message is one clear sentence. */
export async function setup({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  checkNode()
  const isDue = (await dueSteps().next()).value !== undefined
  if (!isDue) return
  await locked(
    lockFile,
    (words) => log(`setup: ${words}`),
    async () => {
      // Another process may have done some of the steps by now.
      for await (const { says, work, stamp } of dueSteps()) {
        log(`setup: ${says}`)
        await work()
        writeStamp(stamp)
      }
    },
  )
}

/** The due steps, in order. Each is checked after the previous one is done, because it may read its files. */
async function* dueSteps() {
  const done = readStamp()
  const install = fingerprintOf(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...patches(), ...manifests()],
    [process.version],
  )
  if (done.install !== install)
    yield { says: 'installing packages (pnpm, frozen lockfile)', work: installPackages, stamp: { install } }
  const prisma = fingerprintOf(
    ['packages/database/prisma/schema.prisma', 'packages/database/prisma.config.ts'],
    [install],
  )
  if (done.prisma !== prisma || !existsSync(join(root, 'packages/database/src/generated')))
    yield { says: 'generating the Prisma client', work: generatePrisma, stamp: { prisma } }
  const build = fingerprintOf(
    [
      'infra/build.mjs',
      'infra/direct.mjs',
      'infra/load.cjs',
      'infra/program.mjs',
      ...sourcesOf(packages().filter((name) => name !== 'dashboard')),
    ],
    [install, prisma],
  )
  // Needs esbuild, which the first step installs.
  const bundles = () => import(pathToFileURL(join(root, 'infra/build.mjs')).href)
  if (done.build !== build || !existsSync(join(root, 'packages/cli/dist/driftfarm.js')))
    yield {
      says: 'building the driftfarm command',
      work: async () => (await bundles()).build(),
      stamp: { build },
    }
  const first = fingerprintOf(examples(), [build])
  if (done.first !== first || !existsSync(join(root, 'packages/cli/dist/kernels')))
    yield {
      says: 'preparing the database and kernels of first runs',
      work: async () => (await import(pathToFileURL(join(root, 'packages/cli/dist/command.js')).href)).setUp(),
      stamp: { first },
    }
  const page = fingerprintOf(['infra/build.mjs', ...sourcesOf(ofPage), ...pageFiles], [install])
  if (done.page !== page || !existsSync(join(root, 'packages/cli/dist/page/index.html')))
    yield { says: 'building the page', work: async () => (await bundles()).buildPage(), stamp: { page } }
}

function generatePrisma() {
  command(process.execPath, [join(root, 'packages/database/node_modules/prisma/build/index.js'), 'generate'], {
    cwd: join(root, 'packages/database'),
    what: 'prisma generate',
  })
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new Error(`Node ${process.versions.node} is too old: Drift Farm needs Node ${oldestNode.join('.')} or newer.`)
}

/** pnpm at exactly the pinned version: the one on PATH if it matches, otherwise fetched by npx. */
function installPackages() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = packageManager.split('@')[1]
  const found = spawnSync('pnpm', ['--version'], { encoding: 'utf8', cwd: '/' })
  const arguments_ = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
  // Without a terminal, pnpm aborts where it would have to ask. With CI=true it continues.
  const env = { ...process.env, CI: 'true' }
  if (found.status === 0 && found.stdout.trim() === version) command('pnpm', arguments_, { what: 'pnpm install', env })
  else command('npx', ['-y', `pnpm@${version}`, ...arguments_], { what: `npx pnpm@${version} install`, env })
}

/** Runs a program, and returns what it prints. Throws an Error with the end of its output if it fails. */
export function command(name, arguments_, { cwd = root, what, env = process.env }) {
  const result = spawnSync(name, arguments_, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (result.error?.code === 'ENOENT')
    throw new Error(`${name} is not on PATH: install it (npm and npx are parts of Node).`)
  if (result.status !== 0) {
    const tail = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-15).join('\n')
    throw new Error(`${what} failed (exit ${result.status ?? result.signal}):\n${tail}`)
  }
  return result.stdout
}

function patches() {
  return readdirSync(join(root, 'infra/patches')).map((name) => `infra/patches/${name}`)
}

const examples = () => readdirSync(join(root, 'examples')).map((name) => `examples/${name}`)

const packages = () => readdirSync(join(root, 'packages')).filter((name) => name !== 'testing')

const manifests = () => [
  'docs/package.json',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`),
]

/** Sources of the page: its own, and the packages that run in a browser. */
const ofPage = ['dashboard', 'api/src/client', 'report', 'spec', 'kernel', 'formula', 'statistics', 'theory']
const pageFiles = ['build.ts', 'index.html', 'site.html', 'vite.config.ts'].map((name) => `packages/dashboard/${name}`)

/** All sources of packages, or of folders in them, without code that only tests use. */
function sourcesOf(names) {
  const files = []
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || /\.test\.tsx?$/.test(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else files.push(relative(root, path))
    }
  }
  for (const name of names) {
    const folder = join(root, 'packages', name)
    for (const place of name.includes('/') ? [folder] : [join(folder, 'src'), join(folder, 'public')])
      if (existsSync(place)) walk(place)
  }
  return files.sort()
}

/** Small text files are compared by content, so that a fresh checkout of the same bytes is not built again. */
function fingerprintOf(files, extra) {
  const hash = createHash('sha256')
  for (const part of extra) hash.update(`${part}\n`)
  for (const file of files) {
    const path = join(root, file)
    hash.update(`${file}\n`)
    if (existsSync(path) && statSync(path).isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

function writeStamp(part) {
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamp(), ...part }, null, 2)}\n`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await setup().catch((error) => {
    process.stderr.write(`setup: ${error.message}\n`)
    process.exit(1)
  })
