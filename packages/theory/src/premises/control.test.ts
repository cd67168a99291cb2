import { compiledModule, formatDigest, kernelOf, layoutOf, runReference } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf, resolvedCellOf } from '../cells.fixture.ts'
import { control, controlCellOf, controlSizeOf } from './control.ts'
import { runTrials } from './runTrials.ts'

const well = (more: Readonly<Record<string, unknown>> = {}): Cell =>
  cellOf(
    'double-well',
    {
      start: [-1],
      update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
      trial: { steps: 100, escape: 'x >= 0' },
      ...more,
    },
    1,
  )
const controlOf = (cell: Cell, tables: Tables = []) => control({ cell, tables, module: compiledModule, allowance: 1e9 })

describe('the control cell', () => {
  test('has neither drift nor batches, and else all of the cell', () => {
    const { cell } = resolvedCellOf('double-well', {
      landscape: { network: { layers: [2, 2, 1], activation: 'tanh', data: { preset: 'xor' }, batch: 2 } },
      start: { init: 'xavier' },
      streams: 'common',
      update: { rule: 'adam', eta: 0.01, drift: { form: 'multiplicative', law: 'gaussian', sigma: 0.3 } },
      trial: { steps: 50, classify: { good: 'loss < 0.1' } },
    })
    const quiet = controlCellOf(cell)!
    expect(quiet).toEqual({
      ...cell,
      landscape: { ...cell.landscape, batch: null },
      update: { ...cell.update, drift: [] },
      streams: 'independent',
    })
  })

  test('the xi of a custom rule is drift too', async () => {
    const rule = { custom: { state: { v: 0 }, step: { v: '0.9*v - eta*g + 0.1*xi', theta: 'theta + v' } } }
    const quiet = controlCellOf(well({ update: { rule, eta: 0.1 } }))!
    expect(quiet.update.rule).toMatchObject({ state: [{ next: '0.9*v - eta*g + 0.1*0' }], theta: 'theta + v' })
    expect((await controlOf(well({ update: { rule, eta: 0.1 } })))!.own).toBe(false)
    // At a minimum nothing moves any more, as bits.
    expect(runReference(quiet, 0, 1, { horizons: [], theta: true }).theta).toEqual(Float64Array.of(-1))
  })

  test('a cell that splits has a plain trial', () => {
    const splitting = well({ method: { splitting: { score: 'x', particles: 10, replicas: 4 } } })
    expect(splitting.method.kind).toBe('splitting')
    expect(controlCellOf(splitting)!.method).toEqual({ kind: 'direct' })
  })

  test('is none where nothing is measured', () => {
    expect(controlCellOf(well({ trial: { steps: 10 } }))).toBe(null)
    expect(controlCellOf(well({ trial: { steps: 10, marks: { m: 'x > 0' } } }))).not.toBe(null)
  })

  test('is as large as its share of the work allows', () => {
    const sizeOf = (cell: Cell, allowance: number) => controlSizeOf(controlCellOf(cell)!, allowance)
    const long = well({ trial: { steps: 10 ** 12, escape: 'x >= 0' } })
    expect(sizeOf(long, 1e9)).toMatchObject({ trials: 1, steps: expect.toSatisfy((n) => n > 1e7 && n < 1e9) })
    expect(sizeOf(well(), 1e9)).toEqual({ trials: 1, steps: 100 })
    const large = cellOf('quadratic', {
      landscape: { preset: 'quadratic', dimension: 9000 },
      start: { uniform: { low: -1, high: 1 } },
      trial: { steps: 10_000, escape: 'x[1] >= 2' },
    })
    // First fewer steps, then fewer trials, then both, then none.
    expect(sizeOf(large, 1e11)).toEqual({ trials: 100, steps: 10_000 })
    expect(sizeOf(large, 1e10)).toMatchObject({ trials: 100, steps: expect.toSatisfy((n) => n >= 2000 && n < 10_000) })
    expect(sizeOf(large, 1e9)).toMatchObject({ trials: expect.toSatisfy((n) => n >= 10 && n < 100), steps: 2000 })
    expect(sizeOf(large, 2e8)).toMatchObject({ trials: 10, steps: expect.toSatisfy((n) => n >= 200 && n < 2000) })
    expect(sizeOf(large, 1e6)).toMatchObject({ trials: 1, steps: expect.toSatisfy((n) => n >= 10 && n < 200) })
    expect(sizeOf(large, 1e5)).toBe(null)
    expect(controlCellOf(large, 300)!.trial.steps).toBe(300)
  })

  test('reaches the first step at which it could escape, or is not made', () => {
    const escape = { basin: true, every: 300, gradient: 1e-4, eta: 0.1 }
    const quiet = controlCellOf(well({ trial: { steps: 300, escape } }))!
    const allowances = Array.from({ length: 100 }, (_, i) => 10 ** (3 + i / 20))
    const steps = allowances.map((allowance) => controlSizeOf(quiet, allowance)?.steps ?? null)
    expect([...new Set(steps)]).toEqual([null, 300])
  })
})

describe('control', () => {
  test('stays where descent stays, escapes where it escapes', async () => {
    const quiet = (await controlOf(well()))!
    expect(quiet).toMatchObject({
      own: false,
      trials: 1,
      steps: 100,
      horizon: 100,
      escaped: 0,
      diverged: 0,
      unreached: 0,
    })
    expect((await controlOf(well({ start: [0.1] })))!.escaped).toBe(1)
  })

  test('counts by name as results do', async () => {
    const cell = well({
      start: { uniform: { low: -0.9, high: 0.9 } },
      trial: {
        steps: 200,
        escape: { right: 'x >= 0.99', left: 'x <= -0.99' },
        afterEscape: 'continue',
        converge: { within: 0.01, of: 'any' },
        marks: { near: 'loss <= 1e-3' },
        classify: { positive: 'x > 0' },
      },
    })
    const { exits, settled, classes, marks, ...counts } = (await controlOf(cell))!
    expect(counts).toMatchObject({ trials: 100, escaped: 100, converged: 100, diverged: 0 })
    expect(exits.right! + exits.left!).toBe(100)
    expect(settled).toEqual({ left: exits.left, right: exits.right, other: 0 })
    expect(classes).toEqual({ positive: exits.right, other: exits.left })
    expect(marks).toEqual({ near: 100 })
    // A fair coin gives fewer than 25 of 100 on a side once in a million.
    expect(Math.min(exits.left!, exits.right!)).toBeGreaterThan(24)
  })

  test('a cell without drift is its own', async () => {
    const still = well({ update: { rule: 'gradient', eta: 0.1 } })
    expect((await controlOf(still))!.own).toBe(true)
    const silent = { custom: { state: { v: 0 }, step: { v: '0.9*v - eta*g', theta: 'theta + v' } } }
    expect((await controlOf(well({ update: { rule: silent, eta: 0.1 } })))!.own).toBe(true)
    const batched = { ...still, landscape: { ...still.landscape, batch: { size: 1, sampling: 'replacement' } } } as Cell
    // Only whether it has batches is asked here: a formula without data draws none.
    expect(controlCellOf(batched)!.landscape).toEqual(still.landscape)
  })

  test('trials replay: host and kernel give the same bits, and the digest says so', async () => {
    const cell = well({ start: { gaussian: { mean: -1, sigma: 0.5 } }, trial: { steps: 500, escape: 'x >= 0' } })
    const found = (await controlOf(cell))!
    const quiet = controlCellOf(cell)!
    const kernel = await kernelOf(quiet)
    expect(formatDigest(kernel.run(0, found.trials, { keep: false, horizons: [] }).digest)).toBe(found.digest)
    expect(formatDigest(runReference(quiet, 0, found.trials, { horizons: [] }).digest)).toBe(found.digest)
    expect(layoutOf(quiet).horizon).toBe(found.steps)
    const { records } = await runTrials(
      { ...quiet, trial: { ...quiet.trial, steps: 10 } },
      { first: 0, count: 1 },
      {
        tables: [],
        module: () => {
          throw new Error('ten steps compile nothing')
        },
      },
    )
    expect(records!.length).toBe(48)
  })

  test('drift alone changes nothing', async () => {
    const other = well({ update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'cauchy', sigma: 9 } } })
    expect(await controlOf(other)).toEqual(await controlOf(well()))
  })
})
