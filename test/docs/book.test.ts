import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkout } from './book/checkout.ts'
import { type BookFarm, startFarm } from './book/farm.ts'
import { elsewhereOf, programsOf, provided } from './book/needs.ts'
import { blocksOf, isShown, wordsOf } from './book/page.ts'
import { trouble } from './book/run.ts'

// Every block of the book runs as it stands there: page by page, from top to bottom, in an empty folder. TypeScript is
// compiled and run by the test of the package. Of the blocks that need something, those whose needs Debian meets run in
// the slow tier; those that need a cluster or the like are looked at by tests of deployment. What pages say of
// files of the program is done in a checkout of their own.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const folders = ['learn', 'howto', 'operate', 'understand', 'develop', 'ko/learn', '.']
const pages = folders
  .filter((folder) => existsSync(join(root, 'docs', folder)))
  .flatMap((folder) =>
    readdirSync(join(root, 'docs', folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', folder, name)),
  )
/** Blocks of these are read by tests of their own. */
const elsewhere = new Set(['sql', 'semantics', 'semantics-numbers', 'proofs'])
const own = [...pages, 'docs/reference/http.md', 'packages/driftfarm/README.md'].filter(
  (page) => !elsewhere.has(page.replace(/.*\/|\.md$/g, '')),
)
/** The fast tier takes the first lesson. */
const fast = ['docs/learn/first-sweep.md']
const some = full ? own : fast
const runs = new Set(['yaml', 'sh', 'sql', 'python', 'csv', 'json', 'put'])

describe.each(some)('%s', (page) => {
  const blocks = blocksOf(page).filter(
    ({ language, needs, put }) =>
      (runs.has(language) || put !== null) && (needs === null || (full && elsewhereOf(needs) === undefined)),
  )
  if (blocks.length === 0) test('has no block that runs', () => undefined)
  else {
    const folder = temporaryFolder()
    afterAll(() => folder.remove())
    if (full && blocks.some(({ needs }) => needs?.includes('a checkout'))) beforeAll(() => checkout(folder.path))
    const home = servedHome()
    let farm: BookFarm | null = null
    if (full && blocks.some(({ needs }) => needs?.includes('a farm'))) {
      beforeAll(async () => {
        farm = await startFarm(folder.path, home)
      })
      afterAll(() => farm?.close())
    }
    let fromHere: readonly 'bash'[] = []
    for (const block of blocks) {
      const programs = [...fromHere, ...programsOf(block)]
      // What a shell writes the blocks after it read.
      if (programs.includes('bash')) fromHere = ['bash']
      const options = { timeout: 600_000, ...needs(...programs) }
      test(`${block.language} in line ${block.at.split(':')[1]}`, options, async ({ skip }) => {
        const given = provided(block.needs, folder.path)
        if (given === null) return skip(`needs ${block.needs}`)
        expect(await trouble(block, { folder: folder.path, home, farm }, given), block.at).toBe(null)
      })
    }
  }
})

if (full)
  describe('the table of README', () => {
    const home = servedHome()
    test.each(['README.md', 'README.ko.md'])('%s shows what is printed', { timeout: 300_000 }, async (page) => {
      const [, shown] = /^```(?:text)?\n(double-well {2}complete.*?)^```$/ms.exec(
        readFileSync(join(root, page), 'utf8'),
      )!
      const { stdout } = await driftfarm(['run', 'examples/double-well.yaml'], { home, cwd: root })
      expect(isShown(shown!.replace(/^ +\.\.\.$/gm, '...'), stdout), stdout).toBe(true)
    })
  })

test('blocks that need another machine, a service or an hour are run by nobody here, and no others', () => {
  const found = own.flatMap((page) => blocksOf(page).flatMap(({ needs }) => elsewhereOf(needs) ?? []))
  const counts: Record<string, number> = {}
  for (const each of found) counts[each] = (counts[each] ?? 0) + 1
  expect(counts).toEqual({
    'another machine': 4,
    docker: 10,
    kubernetes: 7,
    network: 5,
    pg_dump: 2,
    root: 12,
    slurm: 4,
    'the package': 1,
    time: 6,
  })
})

test('what is shown is compared with what is printed', () => {
  expect(isShown('a\n...\nd', 'a\nb\nc\nd\n')).toBe(true)
  expect(isShown('a\n...', 'a')).toBe(true)
  expect(isShown('a\n...\nc', 'a\nb')).toBe(false)
  expect(isShown('a', 'a\nb')).toBe(false)
})

test('words of a command are those of a shell', () => {
  expect(wordsOf('driftfarm sql "select 1" --json # one')).toEqual(['driftfarm', 'sql', 'select 1', '--json'])
  expect(wordsOf("driftfarm fit w 'log(rate) ~ 1/T'")).toEqual(['driftfarm', 'fit', 'w', 'log(rate) ~ 1/T'])
  for (const line of ['a | b', 'a > b', 'a $B', 'a *', 'a; b', 'a `b`']) expect(wordsOf(line), line).toBe(null)
})
