import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, beforeAll, expect, test } from 'vitest'

// A server without TLS is enough to see what is refused, and how.
const folder = temporaryFolder()
// A login belongs to the whole server, which other tests use.
const name = `a${process.pid}`
let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(async () => {
  await access('--revoke', name)
  await fresh.drop()
  folder.remove()
})

const command = (words: readonly string[], env: Readonly<Record<string, string>>) =>
  driftfarm(words, { home: folder.path, env })
const access = (...words: readonly string[]) => command(['access', ...words], { DATABASE_URL: fresh.url })
const made = (...words: readonly string[]) =>
  access('--role', 'worker', '--name', name, '--server', new URL(fresh.url).host, ...words)

test('what is wrong with a connection is told from what is not, and leaves no login', async () => {
  const plain = await made()
  expect([plain.code, plain.stderr]).toEqual([2, expect.stringContaining('cannot connect with TLS')])
  // Its address speaks of SSL as well.
  const away = await made('--server', '127.0.0.1:1')
  expect([away.code, away.stderr]).toEqual([7, expect.stringContaining('ECONNREFUSED')])
  expect(away.stderr).not.toContain('TLS')
  const noFile = await made('--ca', 'none.pem')
  expect([noFile.code, noFile.stderr]).toEqual([2, expect.stringMatching(/^error: --ca: ENOENT.*none\.pem/)])
  expect(await made('--ca', 'none.pem', '--no-tls')).toMatchObject({ code: 2, stdout: '' })
  expect((await access('--list')).stdout).not.toContain(name)
})

test('the file is for workers alone, until it is revoked', async () => {
  const { code, stdout, stderr } = await made('--no-tls')
  expect(code, stderr).toBe(0)
  expect(await made('--no-tls')).toMatchObject({ code: 2, stderr: expect.stringContaining(`--revoke ${name}`) })

  // With the file, which nobody but a worker may use.
  const file = join(folder.path, 'access.json')
  writeFileSync(file, stdout, { mode: 0o600 })
  const env = { DRIFTFARM_ACCESS: file }
  for (const words of [['list'], ['farm'], ['status', 'one'], ['coordinator', '--no-http']])
    expect(await command(words, env)).toMatchObject({ code: 4, stderr: expect.stringContaining('driftfarm worker') })

  // Nobody has run `db migrate` for the queue, which this login may not.
  const early = await command(['worker', '--idle-timeout', '1ms'], env)
  expect([early.code, early.stderr]).toEqual([7, expect.stringContaining('the operator of the farm')])
  expect(early.stderr).not.toContain('migrate: true')

  expect(await access('--revoke', name)).toMatchObject({ code: 0 })
  expect(await access('--revoke', name)).toMatchObject({ code: 5, stderr: expect.stringContaining('access --list') })
  const revoked = await command(['worker', '--idle-timeout', '1ms'], env)
  expect([revoked.code, revoked.stderr]).toEqual([7, expect.stringContaining('revoked')])
})
