import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

type Locked = <Given>(file: string, say: (words: string) => void, work: () => Promise<Given>) => Promise<Given>
type Replace = (folder: string, files: ReadonlyMap<string, string>) => Promise<void>
const moduleOf = (name: string) => import(new URL(`../../infra/${name}`, import.meta.url).href)
const { locked } = (await moduleOf('lock.mjs')) as { locked: Locked }
const { replace } = (await moduleOf('build.mjs')) as { replace: Replace }

const folder = mkdtempSync(join(tmpdir(), 'driftfarm-build-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('one works at a time, the other says that it waits', async () => {
  const file = join(folder, 'one.lock')
  const said: string[] = []
  const seen: string[] = []
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const work = (name: string, until: Promise<void>) =>
    locked(
      file,
      (words) => {
        said.push(words)
        open()
      },
      async () => {
        seen.push(`${name} begins`)
        await until
        seen.push(`${name} ends`)
      },
    )
  await Promise.all([work('a', opened), work('b', opened)])
  expect([0, 2].map((at) => seen[at]!.at(0)).sort()).toEqual(['a', 'b'])
  expect(seen.map((line) => line.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends'])
  expect(said).toEqual([`waiting for process ${process.pid} ${hostname()}, which holds ${file}`])
  expect(existsSync(file)).toBe(false)
})

test('what a dead process holds is taken over, also where many want it', async () => {
  const file = join(folder, 'dead.lock')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(file, `${pid} ${hostname()}\n`)
  let inside = 0
  const one = () =>
    locked(file, expect.unreachable, async () => {
      expect(++inside).toBe(1)
      await null
      inside--
    })
  await Promise.all([one(), one(), one()])
  expect(readdirSync(folder).filter((name) => name.startsWith('dead'))).toEqual([])
  writeFileSync(file, `1 another-${hostname()}\n`)
  const longAgo = new Date(Date.now() - 3_600_000)
  utimesSync(file, longAgo, longAgo)
  expect(await locked(file, expect.unreachable, async () => 'done')).toBe('done')
})

test('a build keeps the chunks of the one before, and those that went out of use within the hour', async () => {
  const dist = join(folder, 'dist')
  const has = () => readdirSync(join(dist, 'chunks'))
  const buildOf = (chunk: string) =>
    replace(
      dist,
      new Map([
        ['driftfarm.js', chunk],
        [`chunks/${chunk}.js`, chunk],
      ]),
    )
  const aged = (chunk: string) => {
    const longAgo = new Date(Date.now() - 2 * 3_600_000)
    utimesSync(join(dist, 'chunks', `${chunk}.js`), longAgo, longAgo)
  }
  await buildOf('one')
  aged('one')
  await buildOf('two')
  expect(has()).toEqual(['one.js', 'two.js'])
  await buildOf('three')
  expect(has()).toEqual(['one.js', 'three.js', 'two.js'])
  aged('one')
  await buildOf('four')
  expect(has()).toEqual(['four.js', 'three.js', 'two.js'])
  expect(readFileSync(join(dist, 'driftfarm.js'), 'utf8')).toBe('four')
})
