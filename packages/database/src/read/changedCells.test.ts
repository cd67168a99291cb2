import { compute, openLed, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snapshotOf } from '../connection/database.ts'
import { dispatchBundles, submitSweep } from '../index.ts'
import { sweepHead } from './prefixes.ts'
import { changedCells, type SlimChanges, slimCells } from './slimCells.ts'

let led: Awaited<ReturnType<typeof openLed>>
beforeAll(async () => {
  led = await openLed(['w'])
})
afterAll(() => led.drop())

const indices = ({ cells }: SlimChanges) => cells.map(({ index }) => index)

test('only cells that were written or are being computed are read again', async () => {
  const { database, ledger, epoch } = led
  const text = specText({ trials: 4, sweep: { 'update.eta': [0.1, 0.2, 0.3, 0.4] } })
  const sweep = sweepOf(text)
  const { id } = await submitSweep(database, sweep, text, { runner: null })
  const read = (before: SlimChanges | null) =>
    snapshotOf(database, async (reading) => changedCells(reading, await sweepHead(reading, id), before))

  // While any transaction on the server is open, cells that were written after its beginning are read again. Tests of
  // other databases run on the same server.
  const untilQuiet = async (before: SlimChanges): Promise<SlimChanges> => {
    const next = await read(before)
    return next.cells.length === 0 ? next : untilQuiet(next)
  }

  const first = await read(null)
  expect(indices(first)).toEqual([0, 1, 2, 3])
  const second = await untilQuiet(first)

  const cell = sweep.cell(2).id
  const batches = [{ cell, first: 0, count: 4 }]
  const kernel = sweep.cell(2).cell.kernel
  await dispatchBundles(database, epoch, id, [
    { sweep: id, kernel, seconds: null, isLong: false, urgent: false, batches },
  ])
  const { rows } = await database.pool.query<{ bundle: number }>('select id as bundle from farm.bundle')
  const lease = await ledger.lease(rows[0]!, 'w')
  const third = await read(second)
  expect(third.cells.map(({ index, state }) => [index, state])).toEqual([[2, 'running']])

  await ledger.commit(
    'w',
    lease.batches.map((each) => ({ lease: each, result: compute(each) })),
  )
  const fourth = await read(third)
  expect(indices(fourth)).toEqual([2])
  expect(fourth.running).toEqual([])
  const quiet = await untilQuiet(fourth)
  // A change that another transaction has not committed yet is found once it is.
  const client = await database.pool.connect()
  await client.query('begin')
  await client.query(`update farm.request set checks = '[]' where sweep_id = $1 and index = 1`, [id])
  const fifth = await read(quiet)
  expect(indices(fifth)).toEqual([])
  await client.query('commit')
  client.release()
  const sixth = await read(fifth)
  expect(indices(sixth)).toEqual([1])

  const whole = await snapshotOf(database, async (reading) => slimCells(reading, await sweepHead(reading, id)))
  const known = new Map(
    [first, second, third, fourth, fifth, sixth].flatMap(({ cells }) => cells.map((c) => [c.index, c])),
  )
  expect([...known.values()]).toEqual(whole)
})
