import type { Cell } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { cellOf, constant, doubleWell, drift, exits, formula, quadratic, wells } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import {
  compile,
  decodeOutcome,
  encodeRecord,
  Kernel,
  KernelError,
  kernelOf,
  layoutOf,
  prepare,
  runReference,
} from '../index.ts'

const well = gallery['double well, first exit']!
const silent = { keep: false, horizons: [] } as const

describe('Kernel', () => {
  it('serves every cell of a shape with one module', async () => {
    const first = prepare(well)
    const other: Cell = {
      ...well,
      seed: '99',
      start: { kind: 'point', point: [-0.5] },
      update: { ...well.update, eta: constant(0.07), drift: [drift('gaussian', 'sigma', 2)] },
      trial: { ...well.trial, steps: 33, divergence: 5, escape: exits(['', 'x >= 0']) },
    }
    const second = prepare(other)
    expect(second.shape).toBe(first.shape)
    const module = new WebAssembly.Module((await compile(first.source)) as BufferSource)
    const { digest } = Kernel.create(module, second).run(0, 100, silent)
    expect(digest).toBe(runReference(other, 0, 100, silent).digest)
  })

  it('keeps records of more trials than its log holds, in trial order', async () => {
    const kernel = await kernelOf(well)
    const { records, tally } = kernel.run(10 ** 15 - 20_000, 20_000, { keep: true, horizons: [] })
    const tail = kernel.run(10 ** 15 - 5, 5, { keep: true, horizons: [] })
    expect(records!.slice(-5 * 48)).toEqual(tail.records)
    expect(tally.trials).toBe(20_000)
    const layout = layoutOf(well)
    const escaped = Array.from({ length: 20_000 }, (_, i) => decodeOutcome(records!, layout, i)).filter(
      ({ escapedAt }) => escapedAt !== null,
    )
    expect(escaped.length).toBe(tally.escaped)
  })

  it('stops inside a trial of 10^12 steps when told so', async () => {
    const kernel = await kernelOf(cellOf({ landscape: doubleWell, start: [1], trial: { steps: 10 ** 12 } }))
    const stop = new Int32Array(new SharedArrayBuffer(4))
    stop[0] = 1
    const result = kernel.run(0, 10, { ...silent, stop })
    expect(result.completed).toBe(false)
    expect(result.tally.trials).toBe(0)
    const well2 = await kernelOf(well)
    expect(well2.run(0, 10, { ...silent, stop: new Int32Array(new SharedArrayBuffer(4)) }).completed).toBe(true)
  })

  it('runs again after it was stopped as if nothing had been', async () => {
    const cell = cellOf({ landscape: doubleWell, start: [-1], trial: { ...wells, steps: 200_000 } })
    const kernel = await kernelOf(cell)
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const whole = kernel.run(3, 9, silent)
    stop[0] = 1
    expect(kernel.run(3, 9, { ...silent, stop }).completed).toBe(false)
    expect(kernel.run(3, 9, silent)).toEqual(whole)
  })

  it('follows schedules beyond their tables', async () => {
    const cell = cellOf({
      landscape: quadratic(1),
      start: [1],
      update: {
        eta: { kind: 'power', initial: 0.5, offset: 100, exponent: 0.5 },
        drift: [drift('gaussian', 'temperature', { kind: 'expression', expression: '0.2/log(n + 3)' })],
      },
      trial: { steps: 65_600, escape: { kind: 'outside', radius: 2.2, of: [0] } },
    })
    const { tally, digest } = (await kernelOf(cell)).run(0, 3, silent)
    expect(tally.ends).toEqual([0, 0, 0, 3])
    expect(digest).toBe(runReference(cell, 0, 3, silent).digest)
  })

  it('takes 10,000 dimensions', async () => {
    const cell = cellOf({ landscape: quadratic(10_000), start: new Array<number>(10_000).fill(0), trial: { steps: 2 } })
    const { source } = prepare(cell)
    expect(source.length).toBeLessThan(22_000)
    const kernel = await kernelOf(cell)
    expect(kernel.run(5, 3, silent).digest).toBe(runReference(cell, 5, 3, silent).digest)
  })

  it('takes formulas thousands of terms long', async () => {
    const terms = Array.from({ length: 2400 }, (_, i) => `${(i % 97) / 1000}*x`)
    const cell = cellOf({ landscape: formula(['x'], `x^2/2 + ${terms.join(' + ')}`), start: [0], trial: { steps: 3 } })
    expect((await kernelOf(cell)).run(0, 4, silent).digest).toBe(runReference(cell, 0, 4, silent).digest)
  })

  it('takes an empty range', async () => {
    expect((await kernelOf(well)).run(7, 0, { keep: true, horizons: [5] }).tally.trials).toBe(0)
  })

  it.each([
    [-1, 1],
    [0.5, 1],
    [0, 10 ** 7 + 1],
    [10 ** 15, 1],
  ])('refuses trials %d + %d', async (first, count) => {
    const kernel = await kernelOf(well)
    expect(() => kernel.run(first, count, silent)).toThrow(KernelError)
  })

  it('refuses a module that is no kernel', () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    expect(() => Kernel.create(empty, prepare(well))).toThrow(/does not match/)
  })
})

it('records are what outcomes say', () => {
  const cell = gallery['tilted, momentum, all continue']!
  const layout = layoutOf(cell)
  const { records } = runReference(cell, 0, 20, silent)
  for (let i = 0; i < 20; i++) {
    const outcome = decodeOutcome(records, layout, i)
    expect(encodeRecord({ kind: 'trial', ...outcome }, layout)).toEqual(
      records.slice(i * layout.bytes, (i + 1) * layout.bytes),
    )
  }
  const odd = { ...decodeOutcome(records, layout, 0), loss: Number.NaN, distance: -0, class: 'other', settled: null }
  expect([...encodeRecord({ kind: 'trial', ...odd }, layout).slice(32, 48)]).toEqual([
    0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0,
  ])
})

it('says what the compiler refused', async () => {
  await expect(compile('export const broken: = 1')).rejects.toThrow(/landscape\.ts/)
})
