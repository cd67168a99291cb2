import { batchStates, demandStates, liveStates, sweepStateNames, workerStates } from '@driftfarm/spec'
import { openFresh } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'

let fresh: Awaited<ReturnType<typeof openFresh>>
beforeAll(async () => {
  fresh = await openFresh(1)
})
afterAll(() => fresh.drop())

/** The words in single quotes that follow `state` in a definition: `state = ANY (ARRAY['open'::text, ..`. */
const wordsAfter = (definition: string): string[] =>
  [...definition.matchAll(/'(\w+)'::text/g)].map(([, word = '']) => word)

it.each([
  ['sweep', sweepStateNames],
  ['request', Object.keys(demandStates)],
  // Those that are done stand in a table of their own, and who has leased them in that of the bundles.
  ['pending', Object.keys(batchStates).filter((state) => state !== 'done' && state !== 'leased')],
  ['worker', Object.keys(workerStates)],
])('farm.%s admits exactly the states of its table', async (table, states) => {
  const { rows } = await fresh.database.pool.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like 'CHECK ((state = ANY%'`,
    [`farm.${table}`],
  )
  expect(rows.map(({ definition }) => wordsAfter(definition).sort())).toEqual([[...states].sort()])
})

it('the view shows a live sweep without a process as interrupted', async () => {
  const { rows } = await fresh.database.pool.query<{ definition: string }>(
    `select pg_get_viewdef('public.sweep'::regclass) as definition`,
  )
  const [, states = ''] = /state = ANY \((.*?)\)\) AND/.exec(rows[0]?.definition ?? '') ?? []
  expect(wordsAfter(states)).toEqual(liveStates)
})
