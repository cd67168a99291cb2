import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { freePort } from '@driftfarm/testing/port'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The tarball, installed into an empty folder of a user who has nothing, outside the repository. In the full tier npm
// installs it. In the default tier its dependencies, and nothing else, are links to the packages of the workspace.
// `npm run release` passes its own tarball, and in turn each Node on which it must run.
const node = process.env.DRIFTFARM_RELEASE_NODE ?? process.execPath
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const folder = temporaryFolder('driftfarm-package-')
const app = join(folder.path, 'app')
const env: NodeJS.ProcessEnv = {
  PATH: [dirname(node), process.env.PATH].join(delimiter),
  HOME: join(folder.path, 'user'),
  NO_COLOR: '1',
  npm_config_update_notifier: 'false',
  // What was downloaded once is not downloaded again; npm keeps it for the user who runs the tests.
  npm_config_cache: execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(),
}
const made = join(app, 'node_modules/driftfarm')
let tarball = process.env.DRIFTFARM_RELEASE_TARBALL

const run = promisify(execFile)
const inApp = async (program: string, ...words: readonly string[]) =>
  (await run(program, words, { cwd: app, env, maxBuffer: 1 << 26 })).stdout
const command = join(app, 'node_modules/.bin/driftfarm')
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

beforeAll(async () => {
  mkdirSync(env.HOME!)
  mkdirSync(made, { recursive: true })
  tarball ??= await packed()
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  if (full) await inApp('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball)
  else await linked(tarball)
  // The only types that users install themselves.
  link('@types/node')
}, 300_000)
afterAll(() => folder.remove())

async function packed(): Promise<string> {
  const { makePackage } = await import(/* @vite-ignore */ pathToFileURL(join(root, 'infra/package.mjs')).href)
  const words = ['pack', '--json', '--pack-destination', folder.path]
  const { stdout } = await run('npm', words, { cwd: await makePackage(), env })
  return join(folder.path, JSON.parse(stdout)[0].filename)
}

async function linked(file: string): Promise<void> {
  await run('tar', ['-xzf', file, '-C', made, '--strip-components=1'])
  const { bin, dependencies, optionalDependencies } = manifest()
  for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) link(name)
  mkdirSync(join(app, 'node_modules/.bin'))
  symlinkSync(`../driftfarm/${bin.driftfarm}`, join(app, 'node_modules/.bin/driftfarm'))
}

/** Packages for other systems are not installed. */
function link(name: string): void {
  const places = ['.', ...readdirSync(join(root, 'packages')).map((each) => `packages/${each}`)]
  const place = places.map((each) => join(root, each, 'node_modules', name)).find((path) => existsSync(path))
  if (place === undefined) return
  const to = join(app, 'node_modules', name)
  mkdirSync(dirname(to), { recursive: true })
  // npm may have installed newer types for a dependency.
  rmSync(to, { recursive: true, force: true })
  symlinkSync(realpathSync(place), to)
}

const manifest = () => JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))

/** Blocks of a language in a text of Markdown, each a program of its own. */
const blocksOf = (name: string): string[] =>
  [...readFileSync(join(root, name), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text!)

const documented = [
  'README.md',
  'packages/driftfarm/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `docs/${name}`),
]

test('what is published: command, modules, types, examples; small, and nothing of the workspace', () => {
  const files = readdirSync(made, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(made, name)).isFile(),
  )
  expect([...new Set(files.map((name) => name.split('/')[0]))].sort()).toEqual(
    ['CITATION.cff', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt', 'bin', 'docs', 'examples', 'lib']
      .concat('package.json', 'types')
      .sort(),
  )
  const bytes = files.reduce((sum, name) => sum + statSync(join(made, name)).size, 0)
  expect(bytes).toBeLessThan(11_800_000)
  expect(statSync(tarball!).size).toBeLessThan(3_800_000)
  const ofHere = (name: string): boolean => {
    const text = readFileSync(join(made, name), 'utf8')
    return text.includes(root) || /(from |import\(|import )["']@driftfarm\/|"(workspace|catalog):/.test(text)
  }
  expect(files.filter(ofHere)).toEqual([])
  const { version } = manifest()
  expect(readFileSync(join(made, 'CITATION.cff'), 'utf8')).toContain(`\nversion: ${version}\n`)
  expect(readFileSync(join(root, 'packages/cli/src/version.ts'), 'utf8')).toContain(`'${version}'`)
})

test('what the README links to comes along', () => {
  const links = [...readFileSync(join(made, 'README.md'), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
    ([, to]) => to!,
  )
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((to) => !existsSync(join(made, to)))).toEqual([])
  expect(readdirSync(join(made, 'docs/reference'))).not.toContain('benchmarks.md')
})

test('licences of the packages that the bundles contain come along', () => {
  const notices = readFileSync(join(made, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const name of ['commander', 'bullmq', 'd3-scale', 'linkedom', 'react-dom', '@codemirror/view'])
    expect(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, (MIT|ISC)$`, 'm').test(notices), name).toBe(true)
  expect(notices.includes('Copyright (c) Meta Platforms, Inc. and affiliates.')).toBe(true)
  expect(/, undefined$/m.test(notices)).toBe(false)
})

test('publint and attw find nothing', async () => {
  const { buffer } = new Uint8Array(readFileSync(tarball!))
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  const { stdout } = await run(bin('attw'), ['--profile', 'esm-only', '--format', 'json', tarball!], { env })
  const { problems = {} } = JSON.parse(stdout)
  const ignored = ['NoResolution', 'CJSResolvesToESM'] // there are ES modules only
  expect(Object.keys(problems).filter((kind) => !ignored.includes(kind))).toEqual([])
}, 120_000)

test('the command runs a spec, says where its data are, and brings examples along', async () => {
  const spec = await inApp('npx', 'driftfarm', 'example', 'double-well')
  expect(spec).toBe(readFileSync(join(root, 'examples/double-well.yaml'), 'utf8'))
  writeFileSync(join(app, 'spec.yaml'), spec)
  const { stdout, stderr } = await run(command, ['run', 'spec.yaml', '--trials', '50'], { cwd: app, env })
  expect(stdout).toMatch(/double-well {2}complete {2}21 cells {2}1050 trials/)
  expect(stderr).toContain(`data is stored in ${join(app, '.driftfarm')}`)
  expect(readdirSync(env.HOME!).filter((name) => !name.startsWith('.npm'))).toEqual([])
  const again = await run(command, ['run', 'spec.yaml', '--trials', '50'], { cwd: app, env })
  expect(again).toEqual({ stdout, stderr: '' })
  expect(await inApp(command, 'complete', '--', 'compl')).toMatch(/^completion\t.*\n:4\n$/)
}, 300_000)

test('up serves the page that is published', async () => {
  const address = `127.0.0.1:${await freePort()}`
  const up = spawn(command, ['up', '--threads', '1', '--listen', address], { cwd: app, env })
  let said = ''
  up.stderr.on('data', (piece) => {
    said += piece
  })
  await expect.poll(() => said, { timeout: 60_000 }).toContain('API at')
  const get = async (path: string) => (await fetch(`http://${address}/${path}`)).text()
  const assets = [...(await get('')).matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name!)
  expect(assets.length).toBeGreaterThan(2)
  for (const name of [...assets, 'thread.js']) expect((await get(name)).length, name).toBeGreaterThan(100)
  expect(JSON.parse(await get('api/v1/sweeps')).kind).toBe('SweepList')
  up.kill('SIGINT')
  expect(await once(up, 'exit')).toEqual([0, null])
}, 120_000)

test('the library in plain JavaScript; the process ends by itself and prints nothing of its own', async () => {
  const example = `
import { farm, sweep } from 'driftfarm'
const here = await farm({ threads: 1 })
try {
  const run = await here.run(sweep({
    version: 1, name: 'plain', landscape: { preset: 'double-well' }, start: [-1],
    update: { eta: 0.2, drift: { sigma: 1 } }, trial: { steps: 200, escape: 'x >= 0' }, trials: 100,
  }))
  const results = await run.results()
  console.log(JSON.stringify(results.cell(0).estimate('escape')))
} finally {
  await here.close()
}
`
  writeFileSync(join(app, 'example.mjs'), example)
  const { stdout, stderr } = await run(node, ['example.mjs'], { cwd: app, env })
  expect(stderr).toBe('')
  const printed = JSON.parse(await inApp(command, 'results', 'plain', '--json'))
  expect(JSON.parse(stdout)).toEqual(printed.data.cells[0].estimates.escape)
}, 120_000)

const typed = join(app, 'typed')
const examples = documented.flatMap((name) =>
  blocksOf(name).map((text, at) => ({ file: join(typed, `${name.replace(/\W/g, '-')}-${at}.ts`), text })),
)

function writeExamples(): void {
  mkdirSync(typed, { recursive: true })
  expect(examples.length).toBeGreaterThanOrEqual(6)
  for (const { file, text } of examples) writeFileSync(file, text)
}

test('types of all entries, examples and specs with mistakes: strict, dependencies too, without a page', async () => {
  writeExamples()
  writeFileSync(join(typed, 'mistakes.ts'), mistakes)
  const entries = Object.keys(manifest().exports).filter((name) => !name.endsWith('.json'))
  const imports = entries.map((name, at) => `export * as entry${at} from '${name.replace('.', 'driftfarm')}'`)
  writeFileSync(join(typed, 'entries.ts'), imports.join('\n'))
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleDetection: 'force',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    lib: ['es2023'],
  }
  writeFileSync(join(typed, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const checked = await run(bin('tsc'), ['-p', typed], { cwd: app, env }).catch((error) => error)
  expect(checked.stdout).toBe('')
}, 120_000)

if (full)
  test('the examples of the documentation run', async () => {
    writeExamples()
    // Node 20 does not know `await using` yet.
    await build({
      entryPoints: examples.map(({ file }) => file),
      outdir: join(app, 'out'),
      outExtension: { '.js': '.mjs' },
      format: 'esm',
      target: 'node20',
    })
    const all = readdirSync(join(app, 'out')).map((name) => `await import('./out/${name}')`)
    writeFileSync(join(app, 'all.mjs'), all.join('\n'))
    const { stdout, stderr } = await run(node, ['all.mjs'], { cwd: app, env })
    expect(stderr).toBe('')
    expect(stdout).toMatch(/0\.\d+ \[0\.\d+, 0\.\d+\]/)
  }, 300_000)

if (full)
  test('the tests of docs/howto/testing.md run with the package, and pass', async () => {
    const page = readFileSync(join(root, 'docs/howto/testing.md'), 'utf8')
    const [, file, text] = /^```js\n\/\/ (\S+)\n(.*?)^```$/ms.exec(page)!
    writeFileSync(join(app, file!), text!)
    const { stdout } = await run(node, ['--test', file!], { cwd: app, env })
    expect(stdout).toMatch(/pass 3\b/)
  }, 120_000)

if (full)
  test('kernel, statistics, theory and report are for pages too: nothing of Node is left in a bundle', async () => {
    const entry = join(app, 'page.js')
    const names = ['kernel', 'statistics', 'theory', 'report']
    writeFileSync(entry, names.map((name) => `export * as ${name} from 'driftfarm/${name}'`).join('\n'))
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      metafile: true,
      outdir: join(app, 'page'),
      logLevel: 'silent',
    })
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
    // The library that makes documents where there is no page asks for it, and does without.
    expect(outside.filter((path) => path !== 'canvas')).toEqual([])
    expect(outputFiles[0]!.text).not.toMatch(/(from|import\(|require\()\s*["']node:/)
    // The module itself, with nothing of Node to take from, computes what the farm does.
    const file = join(app, 'page/page.mjs')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, outputFiles[0]!.text)
    writeFileSync(
      join(app, 'page.mjs'),
      `const keep = { URL, log: console.log }
for (const name of ['process', 'Buffer', 'require', 'global']) delete globalThis[name]
const { kernel } = await import('./page/page.mjs')
const spec = { version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.2, drift: { sigma: 1 } },
  trial: { steps: 50, escape: 'x >= 0' }, trials: 1 }
const { columns } = await kernel.simulate(spec, 0, 0, 200)
keep.log([...columns.steps].join())`,
    )
    const inPage = await inApp(node, 'page.mjs')
    writeFileSync(
      join(app, 'node.mjs'),
      `import { simulate } from 'driftfarm/kernel'
const spec = { version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.2, drift: { sigma: 1 } },
  trial: { steps: 50, escape: 'x >= 0' }, trials: 1 }
console.log([...(await simulate(spec, 0, 0, 200)).columns.steps].join())`,
    )
    expect(inPage).toBe(await inApp(node, 'node.mjs'))
  }, 120_000)

const mistakes = `
import { farm, type Spec, sweep } from 'driftfarm'
const good: Spec = { version: 1, landscape: { preset: 'double-well' }, start: [-1], update: { eta: 0.1 },
  trial: { steps: 10 }, trials: 1 }
sweep({ ...good, update: { eta: '= 1/2', rule: 'momentum', beta: 0.9, drift: { law: { student: { nu: 3 } } } } })
// @ts-expect-error a key that is misspelt
sweep({ ...good, trails: 1 })
// @ts-expect-error a rule that is none
sweep({ ...good, update: { eta: 0.1, rule: 'adamm' } })
// @ts-expect-error a number of a rule that is misspelt
sweep({ ...good, update: { eta: 0.1, beat: 0.9 } })
// @ts-expect-error a law that is none
sweep({ ...good, update: { eta: 0.1, drift: { law: 'gausian' } } })
// @ts-expect-error no landscape
sweep({ version: 1, start: [-1], update: { eta: 0.1 }, trial: { steps: 10 } })
farm({ url: 'http://127.0.0.1:8080', token: 'none' })
// @ts-expect-error a farm that is asked over HTTP has its own threads
farm({ url: 'http://127.0.0.1:8080', threads: 2 })
// @ts-expect-error workers of a farm have their own threads
farm({ databaseUrl: 'postgres://127.0.0.1/farm', threads: 2 })
`
