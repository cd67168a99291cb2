import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// A real vitest runs files that fail in every way that there is; each failure has to be in the last line of `npm test`.
interface File {
  readonly name: string
  readonly needs: readonly string[]
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly (readonly string[])[]
  readonly notRun: number
  readonly brokenSuites: number
}
interface Counted {
  readonly files: readonly File[]
  readonly unhandled: number
  readonly isInterrupted: boolean
}
type Options = { readonly isNamed?: boolean; readonly isStrict?: boolean; readonly withoutPrograms?: boolean }
type Closing = (
  counts: Counted | null,
  options?: Options,
) => { readonly passed: number; readonly failed: number; readonly lines: readonly string[] }

const folder = temporaryFolder('driftfarm-counts-')
afterAll(() => folder.remove())
let counted: Counted
let status: number | null
let closingOf: Closing
beforeAll(async () => {
  ;({ closingOf } = await import(/* @vite-ignore */ pathToFileURL(join(root, 'infra/closing.mjs')).href))
  const file = join(folder.path, 'counts.json')
  const program = join(root, 'node_modules/vitest/vitest.mjs')
  const words = ['run', '--root', join(root, 'test/infra/counts'), `--reporter=${join(root, 'infra/counts.mjs')}`]
  // As a user has it: a vitest within a vitest takes over its settings otherwise.
  const env = { PATH: process.env.PATH, HOME: folder.path, DRIFTFARM_TEST_COUNTS: file }
  ;({ status } = spawnSync(process.execPath, [program, ...words], { env, stdio: 'ignore' }))
  counted = JSON.parse(readFileSync(file, 'utf8'))
})

const none = { passed: 0, failed: 0, skipped: [], notRun: 0, brokenSuites: 0 }
test.each([
  ['passes', { passed: 1, skipped: [['nginx'], ['root'], ['root'], [], []] }],
  ['fails', { failed: 4 }],
  // What needs a program would have been skipped anyway.
  ['hooks', { passed: 1, notRun: 3, brokenSuites: 3, skipped: [['nginx']] }],
  ['wholeFile', { notRun: 2, brokenSuites: 1 }],
  ['afterFile', { passed: 1, brokenSuites: 1 }],
  ['imports', { brokenSuites: 1 }],
  ['declares', { brokenSuites: 1 }],
  ['emptySuite', { passed: 1, brokenSuites: 1 }],
  ['emptyFile', { brokenSuites: 1 }],
  ['uncaught', { passed: 1 }],
  // Its process takes with it what had passed.
  ['lost', { notRun: 3, brokenSuites: 1 }],
])('%s', (name, expected) => {
  const file = counted.files.find((each) => basename(each.name) === `${name}.case.ts`)
  expect(file).toMatchObject({ ...none, ...expected })
})

test('files say what their tests need, errors that nothing catches are counted, and the run fails', () => {
  const needing = counted.files.filter(({ needs }) => needs.length > 0)
  expect(needing.map(({ name, needs }) => [basename(name), needs]).sort()).toEqual([
    ['hooks.case.ts', ['nginx']],
    ['passes.case.ts', ['nginx', 'root']],
  ])
  // The rejected promise, and the lost process.
  expect([counted.unhandled, counted.isInterrupted, status]).toEqual([2, false, 1])
})

describe('the last lines', () => {
  const outside = 'failed outside tests: 10 suites in 8 files, 2 uncaught errors; 8 tests did not run'
  const nginx = 'need programs or Python modules that are missing: nginx (on Debian: sudo apt-get install nginx)'
  const skipped = `skipped 6 tests: 2 ${nginx}; 2 need root (CI runs them as root); 2 for other reasons`

  test('count what failed outside tests as well, and say what was skipped', () => {
    expect(closingOf(counted)).toEqual({
      passed: 5,
      failed: 4 + 10 + 2,
      lines: [outside, skipped, '5 passed, 16 failed, 6 skipped'],
    })
  })

  test('say how to install what Debian has, and what it does not have', () => {
    const skipped = [['polars'], ['duckdb', 'pandas'], ['polars', 'nginx']]
    const sound = { files: [{ ...counted.files[0]!, ...none, skipped }], unhandled: 0, isInterrupted: false }
    expect(closingOf(sound).lines[0]).toBe(
      'skipped 3 tests: 3 need programs or Python modules that are missing: duckdb, nginx, pandas, polars ' +
        '(on Debian: sudo apt-get install nginx python3-pandas; pip install duckdb polars)',
    )
  })

  test('in CI a skipped test has failed, unless it needs root, or a program in the run without programs', () => {
    expect(closingOf(counted, { isStrict: true })).toMatchObject({ failed: 16 + 2 + 2 })
    expect(closingOf(counted, { isStrict: true, withoutPrograms: true })).toMatchObject({ failed: 16 + 2 })
  })

  test('where tests were chosen by name the others are not skipped', () => {
    expect(closingOf(counted, { isNamed: true }).lines.at(-1)).toBe('5 passed, 16 failed, 4 skipped')
  })

  test('a run that is interrupted, or comes to no end, has failed; one without trouble says nothing else', () => {
    const [passes] = counted.files.filter(({ name }) => name.endsWith('afterFile.case.ts'))
    const sound = { files: [{ ...passes!, brokenSuites: 0 }], unhandled: 0, isInterrupted: false }
    expect(closingOf(sound).lines).toEqual(['1 passed, 0 failed'])
    expect(closingOf({ ...sound, isInterrupted: true }).failed).toBe(1)
    expect(closingOf(null).lines).toEqual(['0 passed, 1 failed'])
  })
})
