import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, expect, test } from 'vitest'

// Compiled code that is kept beside a bundle: it is made once, used by its part, and never needed.

const folder = temporaryFolder('driftfarm-load-')
afterAll(() => folder.remove())
const chunks = join(folder.path, 'chunks')
mkdirSync(chunks)
copyFileSync(join(root, 'infra/load.cjs'), join(folder.path, 'load.cjs'))
const bundle = (answer: string) =>
  `(function(require,__import,exports){exports.start=exports.other=()=>{console.log('${answer}')};` +
  "exports.later=()=>{__import('node:os').then((os)=>console.log(typeof os.arch()))}})"
writeFileSync(join(chunks, 'a.cjs'), bundle('one'))
const load = (part: string, ...words: readonly string[]): string =>
  execFileSync(process.execPath, ['-e', `require('./load.cjs')('a.cjs', '${part}')`, 'x', ...words], {
    cwd: folder.path,
    encoding: 'utf8',
  })
const kept = () => readdirSync(chunks).filter((name) => name !== 'a.cjs')

test('the code of a command is kept by a run, and that of another part by its first process', () => {
  expect(load('start', 'list')).toBe('one\n')
  expect(kept()).toEqual([])
  expect(load('other')).toBe('one\n')
  expect(kept()).toMatchObject([expect.stringMatching(/^a\.cjs\.other-\w+$/)])
  expect(load('start', 'run')).toBe('one\n')
  expect(kept()).toHaveLength(2)
  expect(load('later')).toBe('string\n') // imports by itself, also from code that was compiled before
  expect(load('later')).toBe('string\n')
})

test('kept code is used, and damaged code is not', () => {
  const name = kept().find((each) => each.startsWith('a.cjs.other'))!
  // A part without code of its own uses that of the command.
  for (const each of kept()) if (each !== name) rmSync(join(chunks, each))
  const file = join(chunks, name)
  const whole = readFileSync(file)
  // V8 compares only the length of the source. The real bundle's name therefore contains a hash of its content.
  writeFileSync(join(chunks, 'a.cjs'), bundle('two'))
  expect(load('other')).toBe('one\n')
  const middle = whole.length >> 1
  const parts = [whole.subarray(0, 40), Buffer.alloc(0), Buffer.from(whole).fill(0, middle, middle + 64)]
  for (const damaged of parts) {
    writeFileSync(file, damaged)
    expect(load('other')).toBe('two\n')
    expect(readFileSync(file).length).toBeGreaterThan(100) // it was made again
  }
})

test('the bundle has only the characters that load.cjs reads', () => {
  const dist = join(root, 'packages/cli/dist')
  const [name] = /program-\w+\.cjs/.exec(readFileSync(join(dist, 'start.cjs'), 'utf8'))!
  expect(readFileSync(join(dist, 'chunks', name)).every((byte) => byte < 128)).toBe(true)
})
