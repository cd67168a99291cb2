import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driftfarmError } from '@driftfarm/formula'
import { endingOf, thrownBy } from '@driftfarm/testing/foreign'
import { startPostgres } from '@driftfarm/testing/postgres'
import { needs } from '@driftfarm/testing/program'
import { PrismaPg } from '@prisma/adapter-pg'
import { expect, onTestFinished, test } from 'vitest'
import { PrismaClient } from '../generated/client.ts'
import { withClient } from './connect.ts'
import { isFull, isRetryable } from './retry.ts'

// Beside foreignErrors.test.ts, since a server that root starts cannot read every checkout.
test('a full disk', needs('root', 'linux'), async ({ skip }) => {
  const server = await startPostgres()
  onTestFinished(() => server.close())
  const folder = mkdtempSync(join(tmpdir(), 'driftfarm-small-disk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' })
  } catch {
    skip('root may not mount here')
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  const { uid, gid } = statSync(`/proc/${server.pid}`)
  chownSync(folder, uid, gid)
  const run = (sql: string) => withClient(server.url(), (client) => client.query(sql))
  await run(`create tablespace small location '${folder}'`)
  await run('create table public.large (t text) tablespace small')
  const fill = `insert into public.large select repeat('x', 1000) from generate_series(1, 9999)`
  const error = await thrownBy(() => run(fill))
  expect(endingOf(driftfarmError(error))).toEqual(['DATABASE_FULL', 7, true])
  // It may take a day, so it is not repeated like a conflict.
  expect([isRetryable(error), isFull(error)]).toEqual([false, true])
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: server.url() }) })
  onTestFinished(() => prisma.$disconnect())
  const mapped = await thrownBy(() => prisma.$executeRawUnsafe(fill))
  expect(endingOf(driftfarmError(mapped))).toEqual(['DATABASE_FULL', 7, true])
})
