import { storedTrialsOf } from '@driftfarm/database'
import { sizingOf } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { Farm, specText, sweepOf } from '../../coordinator/src/farm.fixture.ts'
import { sizingOfSweep } from './sizing.ts'

const change = { sweep: { 'update.drift.sigma': [2, 3] } }
const nothing = { database: null, stored: null, most: 1000 }

test('without a guess the widest case; of a relative width there is none', async () => {
  const sweep = sweepOf(specText(change))
  const data = await sizingOfSweep(sweep, { width: 0.02, confidence: 0.95 }, nothing)
  expect(data).toMatchObject({ estimate: 'escape', sought: 'trials' })
  expect(data.cells.map(({ from, probability, trials }) => [from, probability, trials])).toEqual([
    ['worst', 0.5, 9701],
    ['worst', 0.5, 9701],
  ])
  const { cells } = await sizingOfSweep(sweep, { relative: 0.1, confidence: 0.95 }, nothing)
  expect(cells[0]).toMatchObject({ from: 'unknown', probability: null, trials: null, width: null })
})

test('of one of the three, the confidence is that of the spec', async () => {
  const sweep = sweepOf(specText({ ...change, confidence: 0.9 }))
  const { sought: target, cells } = await sizingOfSweep(sweep, { relative: 0.1, probability: 0.2 }, nothing)
  expect([target, cells[0]!.trials]).toEqual(['trials', sizingOf(0.2, { relative: 0.1, confidence: 0.9 })!.trials])
  const wide = await sizingOfSweep(sweep, { trials: 1000, probability: 0.2 }, nothing)
  expect([wide.sought, wide.cells[0]!.confidence]).toEqual(['width', 0.9])
  expect((await sizingOfSweep(sweep, { trials: 1000, width: 0.1 }, nothing)).sought).toBe('confidence')
})

test('cells that share 1 - confidence are sized so; only the first cells are', async () => {
  const sweep = sweepOf(specText({ ...change, simultaneous: true }))
  const options = { width: 0.02, trials: 20_000, probability: 0.1 }
  const { sought: target, cells } = await sizingOfSweep(sweep, options, { ...nothing, most: 1 })
  expect([target, cells.length]).toEqual(['confidence', 1])
  expect(cells[0]!.confidence).toBe(sizingOf(0.1, { width: 0.02, trials: 20_000, cells: 2 })!.confidence)
})

test('sizes are of a probability, whatever else is asked for first', async () => {
  const sizes = async (estimates: readonly string[]) => {
    const trial = { steps: 50, escape: 'x >= 0', marks: { m: 'x > 1' } }
    const sweep = sweepOf(specText({ ...change, trial, estimates }))
    return (await sizingOfSweep(sweep, { width: 0.02, confidence: 0.95 }, nothing)).estimate
  }
  expect(await sizes(['cost:m', 'joint', 'escapeRate', 'mark:m'])).toBe('mark:m')
  expect(await sizes(['joint', 'cost:m'])).toBe('escape')
})

test('the guess is what is stored of each cell, whoever asked for it', async () => {
  const farm = await Farm.open()
  try {
    await farm.work()
    await farm.coordinate()
    const { id } = await farm.submit({ ...change, trials: 300 })
    await farm.ends(id)
    const { data } = await farm.source.results(id)
    const sweep = sweepOf(specText({ name: 'another', ...change, trials: 5 }))
    const { trials: stored } = await storedTrialsOf(farm.database, sweep)
    const options = { trials: 1000, confidence: 0.95 }
    const { sought: target, cells } = await sizingOfSweep(sweep, options, {
      database: farm.database,
      stored,
      most: 1000,
    })
    expect(target).toBe('width')
    expect(cells.map(({ from }) => from)).toEqual(['stored', 'stored'])
    expect(cells.map(({ probability }) => probability)).toEqual(data.cells.map(({ counts }) => counts.escaped / 300))
    expect(cells[0]!.width).toBe(sizingOf(cells[0]!.probability!, options)!.width)
  } finally {
    await farm.close()
  }
})
