import { openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import { submitSweep } from '../submit/submit.ts'
import { liveRequestsOn } from './conditions.ts'

let database: Database
let drop: () => Promise<void>
let sweep: string
let cells: readonly string[]
beforeAll(async () => {
  ;({ database, drop } = await openFresh())
  const text = specText({ sweep: { 'update.drift.sigma': [1, 2] } })
  const spec = sweepOf(text)
  ;({ id: sweep } = await submitSweep(database, spec, text, { runner: null }))
  cells = [...spec.cells()].map(({ id }) => id)
})
afterAll(() => drop())

/** Adds sweeps like the one that was submitted, each with its demand on one of the cells. */
async function add(name: string, number: number, state: string, cell: string): Promise<string[]> {
  await database.pool.query(
    `with more as (
       insert into farm.sweep
       select r.* from farm.sweep s cross join generate_series(1, $2::int) i
        cross join lateral jsonb_populate_record(s, jsonb_build_object('id', $3 || i, 'state', $4::text)) r
        where s.id = $1 returning id)
     insert into farm.request
     select r.* from farm.request d cross join more
      cross join lateral jsonb_populate_record(d, jsonb_build_object('sweep_id', more.id)) r
      where d.sweep_id = $1 and d.cell_id = $5`,
    [sweep, number, name, state, cell],
  )
  return Array.from({ length: number }, (_, place) => `${name}${place + 1}`)
}

const found = async (): Promise<string[][]> => {
  const { rows } = await database.pool.query<{ sweeps: string[] }>(
    `select array(select d.sweep_id from ${liveRequestsOn('d.cell')} order by d.sweep_id) as sweeps
       from unnest($1::text[]) with ordinality d (cell, place) order by d.place`,
    [cells],
  )
  return rows.map(({ sweeps }) => sweeps)
}

test('the requests of live sweeps for a cell are found, however many live sweeps and requests there are', async () => {
  const [one, other] = cells as [string, string]
  expect(await found()).toEqual([[sweep], [sweep]])
  // Few sweeps are live; one cell has many demands.
  await add('ended ', 100, 'complete', one)
  await add('rests ', 3, 'paused', other)
  const few = await add('few ', 3, 'running', one)
  expect(await found()).toEqual([[...few, sweep].sort(), [sweep]])
  // Many are live; one cell has many demands, the other has few.
  const many = await add('many ', 70, 'planned', one)
  expect(await found()).toEqual([[...few, ...many, sweep].sort(), [sweep]])
  await database.pool.query(`update farm.sweep set state = 'complete' where id = $1`, [sweep])
  expect(await found()).toEqual([[...few, ...many].sort(), []])
})
