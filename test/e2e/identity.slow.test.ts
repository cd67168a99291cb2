import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const home = servedHome()

/** What any client sees of the stored rows, with the times at which they were written. */
async function ledger(home: string): Promise<string> {
  const query = 'select cell, first, count, state, worker, finished_at, digest from batch order by cell, first'
  const { code, stdout, stderr } = await driftfarm(['sql', query, '--format', 'csv'], { home })
  expect(code, stderr).toBe(0)
  return stdout
}

test('a sweep run again does no work; more trials add only the rest; fewer show exactly the prefix', async () => {
  const file = writeSpec(home, 'again', doubleWell({ name: 'again', seed: 4, trials: 500 }))
  /** As if it had never been computed. */
  const anew = async (arguments_: readonly string[]) => {
    expect((await driftfarm(['rm', 'again'], { home })).code).toBe(0)
    const left = await ledger(home)
    for (const { id } of first.cells) expect(left).not.toContain(id)
    return runToResults(file, home, arguments_)
  }
  const first = await runToResults(file, home, ['--threads', '2'])
  const before = await ledger(home)

  const again = await runToResults(file, home, ['--threads', '1'])
  expect(again).toEqual(first)
  expect(await ledger(home)).toBe(before)

  const more = await runToResults(file, home, ['--trials', '900'])
  expect(more.cells.map((cell) => cell.trials)).toEqual([900, 900])
  const after = await ledger(home)
  for (const line of before.trim().split('\n')) expect(after).toContain(line)

  const prefix = await runToResults(file, home, ['--trials', '432'])
  expect(prefix.cells.map((cell) => cell.trials)).toEqual([432, 432])
  const freshPrefix = await anew(['--trials', '432'])
  expect(digests(freshPrefix)).toEqual(digests(prefix))
  expect(freshPrefix.cells.map((cell) => cell.counts)).toEqual(prefix.cells.map((cell) => cell.counts))
  const fresh = await anew(['--trials', '900', '--batch', '70'])
  expect(digests(fresh)).toEqual(digests(more))
})

test('keys in another order, YAML instead of JSON and 1.0 instead of 1 are the same sweep', async () => {
  const spec = doubleWell({ name: 'order' })
  const sorted = await runToResults(writeSpec(home, 'order-a', spec), home)
  const reversed = await runToResults(
    writeSpec(home, 'order-b', Object.fromEntries(Object.entries(spec).reverse())),
    home,
  )
  const yaml = `
version: 1
name: order
seed: "0x1"
trials: 2000
sweep: { update.drift.sigma: [0.80, 12e-1] }
trial: { escape: x>=0, steps: 2.0e2 }
update: { drift: { sigma: 1.0, law: gaussian, form: additive }, eta: 0.1, rule: gradient }
start: [-1.0]
landscape: { preset: double-well }
`
  const asYaml = await runToResults(writeSpec(home, 'order-c', yaml), home)
  for (const one of [reversed, asYaml]) {
    expect(one.sweep.id).toBe(sorted.sweep.id)
    expect(one.cells.map((cell) => cell.id)).toEqual(sorted.cells.map((cell) => cell.id))
    expect(digests(one)).toEqual(digests(sorted))
  }
})

test('two sweeps that share cells share their trials', async () => {
  const wide = doubleWell({ name: 'wide', seed: 5, sweep: { 'update.drift.sigma': [0.8, 1.0, 1.2] } })
  const narrow = doubleWell({ name: 'narrow', seed: 5, sweep: { 'update.drift.sigma': [1.0, 1.2, 1.4] } })
  const one = await runToResults(writeSpec(home, 'wide', wide), home)
  const before = await ledger(home)
  const two = await runToResults(writeSpec(home, 'narrow', narrow), home)
  expect(two.cells[0]?.id).toBe(one.cells[1]?.id)
  expect(two.cells[1]?.digest).toBe(one.cells[2]?.digest)
  const after = await ledger(home)
  for (const line of before.trim().split('\n')) expect(after).toContain(line)
  const newCells =
    new Set(after.split('\n').map((line) => line.split(',')[0])).size -
    new Set(before.split('\n').map((line) => line.split(',')[0])).size
  expect(newCells).toBe(1)

  const removed = await driftfarm(['rm', 'wide'], { home: home })
  expect(removed.code, removed.stderr).toBe(0)
  const left = await runToResults(writeSpec(home, 'narrow', narrow), home)
  expect(left).toEqual(two)
})

test('verify proves the invariants and replay any trial', async () => {
  const spec = doubleWell({ name: 'proved', seed: 6 })
  await runToResults(writeSpec(home, 'proved', spec), home, ['--batch', '300'])
  for (const arguments_ of [
    ['verify', 'proved'],
    ['verify', 'proved', '--full'],
    ['replay', 'proved', '0', '1234'],
    ['replay', 'proved', '1', '0'],
  ]) {
    const { code, stderr } = await driftfarm(arguments_, { home: home })
    expect(code, `${arguments_.join(' ')}: ${stderr}`).toBe(0)
  }
  const beyond = await driftfarm(['replay', 'proved', '7', '0'], { home: home })
  expect(beyond.code).toBe(5)
})
