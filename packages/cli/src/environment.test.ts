import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, expect, test } from 'vitest'
import { threadsOfJob, withSecretFiles } from './environment.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const file = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

test('a secret is read from its file without the newline; a set variable wins', () => {
  const path = file('redis', 'redis://:s3cret@here:6379\n')
  expect(withSecretFiles({ REDIS_URL_FILE: path }).REDIS_URL).toBe('redis://:s3cret@here:6379')
  expect(withSecretFiles({ REDIS_URL_FILE: path, REDIS_URL: 'redis://there' }).REDIS_URL).toBe('redis://there')
  expect(withSecretFiles({ HOME: '/' })).toEqual({ HOME: '/' })
})

test('any password is put into an address without one, and reads back unchanged', () => {
  const password = 'a:b/c@d %?#é'
  const env = { DATABASE_PASSWORD_FILE: file('password', password), DATABASE_URL: 'postgres://farm@here:5432/farm?x=1' }
  const url = new URL(withSecretFiles(env).DATABASE_URL!)
  expect(decodeURIComponent(url.password)).toBe(password)
  expect([url.username, url.host, url.pathname, url.search]).toEqual(['farm', 'here:5432', '/farm', '?x=1'])
  const given = { ...env, DATABASE_URL: 'postgres://farm:own@here/farm' }
  expect(withSecretFiles(given).DATABASE_URL).toBe('postgres://farm:own@here/farm')
  const filed = { ...env, DATABASE_URL: undefined, DATABASE_URL_FILE: file('url', 'postgres://farm@here/farm') }
  expect(decodeURIComponent(new URL(withSecretFiles(filed).DATABASE_URL!).password)).toBe(password)
  // This is not an address. The code that uses it reports the error.
  expect(withSecretFiles({ ...env, DATABASE_URL: 'here' }).DATABASE_URL).toBe('here')
})

test('a missing file, a folder or an empty file is reported with its variable', () => {
  mkdirSync(join(folder.path, 'folder'))
  for (const path of [join(folder.path, 'none'), join(folder.path, 'folder'), file('empty', ' \n')])
    expect(() => withSecretFiles({ DRIFTFARM_TOKEN_FILE: path })).toThrow(
      /^DRIFTFARM_TOKEN_FILE: .*(none|EISDIR|empty)/,
    )
})

test('the number of threads is that of the SLURM job', () => {
  expect(threadsOfJob({})).toBeUndefined()
  expect(threadsOfJob({ SLURM_CPUS_ON_NODE: '64' })).toBe(64)
  expect(threadsOfJob({ SLURM_CPUS_ON_NODE: '64', SLURM_CPUS_PER_TASK: '8' })).toBe(8)
  expect(threadsOfJob({ SLURM_CPUS_PER_TASK: 'many' })).toBeUndefined()
})
