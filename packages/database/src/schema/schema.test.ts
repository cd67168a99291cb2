import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import { schemaDiff } from './schemaDiff.fixture.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

it('has a schema.prisma that matches the migrations', async () => {
  expect(await schemaDiff(database.url)).toBe('')
})

it('would notice a difference', async () => {
  await withClient(database.url, (client) => client.query('alter table farm.leader add column term integer not null'))
  expect(await schemaDiff(database.url)).toContain('DROP COLUMN "term"')
})
