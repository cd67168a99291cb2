import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../connection/database.ts'
import { namesakes } from './sweeps.ts'

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url })
  // Seven of one name, the first of which was submitted last, and one alone.
  await database.pool.query(`
    insert into farm.sweep (id, name, seed, state, spec, plan, demand, axes, cells, max_trials, submitted_at)
      select 's' || i, case i when 8 then 'alone' else 'map' end, '1', 'complete', '', '', '{"trials": 9}', '["let.T"]',
      2, 9,
             now() - make_interval(mins => i) from generate_series(1, 8) i;
    insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
      select 'c' || i, '{"a": ' || i || '}', 2, '{""}', '{}', '{}', '{}', 9 from generate_series(1, 8) i;
    insert into farm.request (sweep_id, index, cell_id, params, target)
      select 's' || i, index, 'c' || i, jsonb_build_object('let.T', index), 9
      from generate_series(1, 8) i, generate_series(0, 1) index`)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

test('the newest five of a name, each with its first cell; unique names are omitted', async () => {
  const found = await namesakes(database)
  expect(found.map(({ id, newest }) => [id, newest])).toEqual([
    ['s1', true],
    ['s2', false],
    ['s3', false],
    ['s4', false],
    ['s5', false],
  ])
  expect(found[1]).toEqual({
    id: 's2',
    name: 'map',
    newest: false,
    cells: 2,
    axes: ['let.T'],
    params: { 'let.T': 0 },
    canonical: '{"a": 2}',
    sharing: 7,
  })
})

test('by landscape, a sweep alone is included too', async () => {
  await database.pool.query(`update farm.sweep set landscape = case id when 's8' then 'banana' else 'quartic' end`)
  expect((await namesakes(database, null, 'landscape')).map(({ id }) => id)).toContain('s8')
})

test('a requested sweep is among its namesakes however old it is', async () => {
  expect((await namesakes(database, 's7')).map(({ id }) => id)).toEqual(['s1', 's2', 's3', 's4', 's5', 's7'])
  expect(await namesakes(database, 's8')).toEqual([])
})
