import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { expect, onTestFinished, test } from 'vitest'
import { withAccess } from './environment.ts'

const access = {
  driftfarm: 'access',
  version: 1,
  role: 'worker',
  name: 'cluster',
  databaseUrl: 'postgresql://driftfarm_worker_cluster:secret@db.example.org:5432/farm?sslmode=verify-full',
  redisUrl: null,
  ca: null,
}

async function written(change: object, mode = 0o600): Promise<{ folder: string; env: { DRIFTFARM_ACCESS: string } }> {
  const made = temporaryFolder()
  onTestFinished(() => made.remove())
  const folder = made.path
  await writeFile(join(folder, 'access.json'), JSON.stringify({ ...access, ...change }))
  await chmod(join(folder, 'access.json'), mode)
  return { folder, env: { DRIFTFARM_ACCESS: 'access.json' } }
}

test('without the variable the environment is unchanged', async () => {
  const env = { DATABASE_URL: 'x' }
  expect(await withAccess(env, '/')).toBe(env)
})

test('the file has the addresses of database and queue', async () => {
  const { folder, env } = await written({ redisUrl: 'rediss://queue.example.org' })
  expect(await withAccess(env, folder)).toMatchObject({
    DATABASE_URL: access.databaseUrl,
    REDIS_URL: 'rediss://queue.example.org',
  })
})

test('the CA certificate is beside the file, wherever that is', async () => {
  const { folder, env } = await written({ ca: 'ca.pem' })
  await expect(withAccess(env, folder)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringContaining(join(folder, 'ca.pem')),
    hint: expect.stringContaining('--ca'),
  })
  await writeFile(join(folder, 'ca.pem'), '')
  const { DATABASE_URL } = await withAccess(env, folder)
  expect(new URL(DATABASE_URL!).searchParams.get('sslrootcert')).toBe(join(folder, 'ca.pem'))
})

test('REDIS_URL is ignored if the queue of the farm is in the database', async () => {
  const { folder, env } = await written({})
  expect((await withAccess({ ...env, REDIS_URL: 'redis://elsewhere' }, folder)).REDIS_URL).toBeUndefined()
})

test('refuses a second address, a missing file, a readable file and a wrong format', async () => {
  const { folder, env } = await written({})
  await expect(withAccess({ ...env, DATABASE_URL: 'x' }, folder)).rejects.toMatchObject({ code: 'USAGE' })
  await expect(withAccess({ DRIFTFARM_ACCESS: 'none.json' }, folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  for (const change of [{ version: 2 }, { role: 'admin' }, { more: 1 }]) {
    const other = await written(change)
    await expect(withAccess(other.env, other.folder)).rejects.toMatchObject({ code: 'USAGE' })
  }
  const open = await written({}, 0o644)
  const refused = withAccess(open.env, open.folder)
  await expect(refused).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('chmod 600') })
  await expect(refused).rejects.not.toThrow('secret')
})
