import { documents } from '@driftfarm/report'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../connection/database.ts'
import { describeSweep } from '../submit/describe.ts'
import { checkPages, lostWith, totalsOf } from './cells.ts'
import { glanceOf } from './glance.ts'
import { sweepStatus } from './status.ts'
import { listSweeps } from './sweeps.ts'

const id = (n: number) => n.toString(16).padStart(32, '0')
const note = '{"name": "events", "verdict": "note", "text": "few", "hint": null}'

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url })
  // Sweep 1 has 100 x 30 cells, of which the first 14 are finished. Sweep 2 shares two of its three cells with it.
  await database.pool.query(
    `insert into farm.sweep (id, name, seed, state, spec, plan, demand, axes, ranges, cells, max_trials, owner, columns)
       select lpad(to_hex(i), 32, '0'), 'sweep' || i, '1', case i when 1 then 'cancelled' else 'complete' end, '', '',
              '{"trials": 10, "estimates": ["escape"]}', '["let.a", "let.b"]',
              case i when 1 then $1::jsonb end, case i when 1 then 3000 else 3 end, 10, 'mine',
              '[{"name": "escape", "of": "estimates", "key": "escape", "field": "value", "at": 1}]'
         from generate_series(1, 1000) i`,
    [
      JSON.stringify([
        { path: 'let.a', from: 0, to: 99, count: 100 },
        { path: 'let.b', from: 0, to: 29, count: 30 },
      ]),
    ],
  )
  await database.pool.query(`
    insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
      select 'c' || i, '{}', 2, '{""}', '{}', '{}', '{}', 9 from generate_series(0, 3001) i;
    insert into farm.request (sweep_id, index, cell_id, params, target, state, trials, numbers, checks)
      select '${id(1)}', i, 'c' || i, '{}', 10, case when i < 14 then 'done' else 'open' end, 1, array[i / 3000.0],
             case i when 3 then '[${note}]' when 20 then '[${note}]' else '[]' end::json
        from generate_series(0, 2999) i;
    insert into farm.request (sweep_id, index, cell_id, params, target)
      select '${id(2)}', n, 'c' || i, '{}', 10 from (values (0, 0), (1, 1), (2, 3001)) v (n, i);
    insert into farm.batch (cell_id, first, count, generation, attempts, failures, vanished, cpu_seconds, digest,
                            tally, record)
      select 'c' || i, f, 5, 1, 1, 0, 0, 1, '', '{}', '{}'
        from (values (0), (1), (3001)) v (i), generate_series(0, 5, 5) f`)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

test('a removal loses only what no other sweep has', async () => {
  expect(await lostWith(database, [id(2)])).toEqual({ cells: 1, kept: 2, trials: '10' })
  expect(await lostWith(database, [id(1), id(2)])).toEqual({ cells: 3001, kept: 0, trials: '30' })
  expect(await lostWith(database, [id(9)])).toEqual({ cells: 0, kept: 0, trials: '0' })
})

test('stored checks are those of finished cells, at any size', async () => {
  const pages = []
  for await (const page of checkPages(database, { id: id(1), cells: 3000 })) pages.push(...page)
  expect(pages).toEqual([{ index: 3, checks: [JSON.parse(note)] }])
  expect(await totalsOf(database, id(1))).toMatchObject({ cells: 3000, finished: 14 })
})

test('a glance reads at most 24 x 24 cells', async () => {
  const { columns, rows, values } = await glanceOf(database, id(1))
  expect([columns, rows]).toEqual([24, 24])
  expect(values[0]).toBe(0)
  expect(values.at(-1)).toBeCloseTo(2999 / 3000)
  // A sweep of a build that stored no ranges
  expect(await glanceOf(database, id(2))).toMatchObject({ rows: 0, values: [] })
  await expect(glanceOf(database, id(0))).rejects.toThrow('no sweep')
})

test('title, notes and tags are plain text, logged, and null removes them', async () => {
  const by = { token: 'mine', mayChangeAll: false, request: 'r' }
  await describeSweep(database, id(2), { title: '<b>Map</b>', notes: 'two\nlines', tags: { a: 'b' } }, by)
  expect(await sweepStatus(database, id(2))).toMatchObject({
    title: '<b>Map</b>',
    notes: 'two\nlines',
    tags: { a: 'b' },
  })
  await describeSweep(database, id(2), { title: null, tags: null }, by)
  const status = await sweepStatus(database, id(2))
  expect(status).toMatchObject({ notes: 'two\nlines', tags: {} })
  expect(status).not.toHaveProperty('title')
  const { rows } = await database.pool.query('select verb, token, detail from farm.action order by id')
  expect(rows.at(-1)).toEqual({ verb: 'describe', token: 'mine', detail: { title: null, tags: null } })
})

test('the token of another may not describe a sweep', async () => {
  const by = { token: 'other', mayChangeAll: false, request: 'r' }
  await expect(describeSweep(database, id(2), { title: 'x' }, by)).rejects.toMatchObject({ code: 'SWEEP_OF_ANOTHER' })
})

test('a list of 1,000 sweeps is a valid document', async () => {
  const sweeps = (await listSweeps(database)).map((line) => ({ ...line, differs: [] }))
  expect(sweeps).toHaveLength(1000)
  expect(() =>
    documents.SweepList.shape.parse({ schemaVersion: 1, kind: 'SweepList', data: { sweeps }, warnings: [] }),
  ).not.toThrow()
})
