import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { homeFolder } from './home.ts'

const folder = temporaryFolder()
const at = (...names: string[]): string => join(folder.path, ...names)
const env = { HOME: at('user'), XDG_DATA_HOME: at('data'), LOCALAPPDATA: at('data') }
/** Where the data of this user's programs are, on the system that the tests run on. */
const data =
  process.platform === 'darwin' ? at('user', 'Library', 'Application Support', 'driftfarm') : at('data', 'driftfarm')

beforeAll(() => {
  for (const name of ['user/loose/deep', 'user/paper/specs', 'user/thesis/.driftfarm', 'user/thesis/a/b'])
    mkdirSync(at(name), { recursive: true })
  writeFileSync(at('user/paper/pyproject.toml'), '')
  writeFileSync(at('user/thesis/a/package.json'), '{}')
})
afterAll(() => folder.remove())

test('the variable decides, relative to the working folder', () => {
  expect(homeFolder({ DRIFTFARM_HOME: 'data' }, '/work')).toBe('/work/data')
  expect(homeFolder({ DRIFTFARM_HOME: '/srv/farm' }, '/work', at('user/paper'))).toBe('/srv/farm')
  expect(homeFolder({ ...env, DRIFTFARM_HOME: ' ' }, at('user/paper'))).toBe(at('user/paper/.driftfarm'))
})

test('a project has its home in its top folder, whichever folder is the working folder', () => {
  expect(homeFolder(env, at('user/paper'))).toBe(at('user/paper/.driftfarm'))
  expect(homeFolder(env, at('user/paper/specs'))).toBe(at('user/paper/.driftfarm'))
})

test('the nearest folder counts: one that has a home, or that is marked', () => {
  expect(homeFolder(env, at('user/thesis/a/b'))).toBe(at('user/thesis/a/.driftfarm'))
  expect(homeFolder(env, at('user/thesis'))).toBe(at('user/thesis/.driftfarm'))
})

test('the project of a spec comes before that of the working folder', () => {
  expect(homeFolder(env, at('user/paper'), at('user/thesis'))).toBe(at('user/thesis/.driftfarm'))
  expect(homeFolder(env, at('user/paper'), at('user/loose'))).toBe(at('user/paper/.driftfarm'))
  expect(homeFolder(env, at('user/paper'), 'specs')).toBe(at('user/paper/.driftfarm'))
})

test('without a project it is the data folder of the user', () => {
  expect(homeFolder(env, at('user/loose/deep'))).toBe(data)
  expect(homeFolder({ ...env, XDG_DATA_HOME: '' }, at('user/loose'))).toMatch(/user.*driftfarm$/)
})

test('the home folder of the user, the temporary folder and the root are never projects', () => {
  writeFileSync(at('user/package.json'), '{}')
  expect(homeFolder(env, at('user/loose'))).toBe(data)
  expect(homeFolder(env, tmpdir())).toBe(data)
  expect(homeFolder(env, '/')).toBe(data)
})
