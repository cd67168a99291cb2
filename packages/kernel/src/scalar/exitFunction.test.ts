import { type Cell, parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { exitFunction } from './exitFunction.ts'
import { traceReference } from './run.ts'

const cellOf = (trial: unknown): Cell =>
  parseSweep(
    JSON.stringify({
      version: 1,
      name: 'exits',
      seed: 5,
      landscape: { preset: 'banana' },
      start: [-0.9, 0.8],
      update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 2 } },
      trial: { steps: 400, afterEscape: 'continue', afterConverge: 'continue', ...(trial as object) },
      trials: 1,
    }),
    { fileName: 'exits' },
  ).cell(0).cell

describe('the events of a cell on the host', () => {
  const cell = cellOf({
    escape: { far: 'distance >= 1.5', right: 'x >= 0' },
    converge: { within: 0.2, of: 'any' },
    marks: { low: 'loss <= 0.01' },
  })
  it('are those of the reference trial, step by step', () => {
    const { at, needsMore } = exitFunction(cell, [], [-0.9, 0.8])
    expect(needsMore).toBe(false)
    let seen = 0
    for (let trial = 0; trial < 20; trial++) {
      const steps: { n: number; theta: readonly number[]; events: readonly string[] }[] = []
      traceReference(cell, trial, ({ n, theta, events }) => steps.push({ n, theta: Array.from(theta), events }))
      const first = (name: string, holds: (theta: readonly number[]) => boolean) => {
        const told = steps.find(({ events }) => events.some((event) => event.startsWith(name)))
        const found = steps.find(({ n, theta }) => n > 0 && holds(theta))
        expect(found?.n).toBe(told?.n)
        if (told !== undefined) seen++
        return [told, found] as const
      }
      const [told, found] = first('escape', (theta) => at(theta).exit !== null)
      if (told !== undefined) expect(told.events).toContain(`escape:${at(found!.theta).exit}`)
      const [converged, within] = first('converge', (theta) => at(theta).converges)
      if (converged !== undefined) expect(converged.events).toContain(`converge:${at(within!.theta).centre}`)
      first('mark:low', (theta) => at(theta).marks[0]!)
    }
    expect(seen).toBeGreaterThan(30)
  })

  it('tells divergence, numbers that are none, and conditions on the step', () => {
    const { at } = exitFunction(cell, [], [-0.9, 0.8])
    expect(at([2e6, 0]).diverged).toBe(true)
    expect(at([Number.NaN, 0]).finite).toBe(false)
    expect(exitFunction(cellOf({ escape: 'x >= 0 && step > 3' }), [], [-0.9, 0.8]).needsMore).toBe(true)
    const timed = cellOf({ escape: 'x >= 0', marks: { seen: { when: 'y > 3', every: 2 } } })
    expect(exitFunction(timed, [], [-0.9, 0.8]).needsMore).toBe(true)
  })
})
