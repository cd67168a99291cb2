import { type Estimate, estimateShape, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { inShapeOrder } from './inShapeOrder.ts'

const shape = z.strictObject({
  value: z.number(),
  low: z.exactOptional(z.number().nullable()),
  inner: z.exactOptional(z.strictObject({ b: z.number(), a: z.number() }).nullable().describe('in another order')),
  shares: z.record(z.string(), z.number()),
})
const ordered = (value: object) => JSON.stringify(inShapeOrder(shape)(value))

test('keys come in the order of the shape, at every depth; those of a record ascend', () => {
  const { shares, ...rest } = { shares: { '0.5': 2, '0.25': 1 }, value: 3, low: null }
  expect(ordered({ shares, inner: { a: 1, b: 2 }, ...rest })).toBe(
    '{"value":3,"low":null,"inner":{"b":2,"a":1},"shares":{"0.25":1,"0.5":2}}',
  )
  expect(ordered({ inner: null, value: 1 })).toBe('{"value":1,"inner":null}')
})

test('what the shape does not know comes last', () => {
  expect(ordered({ later: 1, value: 2 })).toBe('{"value":2,"later":1}')
})

/** As jsonb gives it back: shorter keys first. */
const forgotten = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      .map(([key, inner]) => [
        key,
        typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? forgotten(inner) : inner,
      ]),
  ) as T

test('an estimate and what stopped a cell are as they were made', () => {
  const step: Estimate = {
    value: 1,
    low: 0,
    high: Number.POSITIVE_INFINITY,
    confidence: 0.95,
    method: 'student',
    events: 3,
    event: 'first escape',
    quantiles: { '0.1': [1, 2], '0.25': [3, 4], '0.5': null, '0.75': null, '0.9': null },
    gradients: { value: 1, low: 0, high: 2 },
  }
  const stopped: Stopped = { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.2, decision: 'above' }
  const gbas: Stopped = { rule: 'gbas', estimate: 'escape', relative: 0.3, events: 44 }
  const keys = (value: object) => JSON.stringify(value)
  expect(keys(forgotten(step))).not.toBe(keys(step))
  expect(keys(inShapeOrder<Estimate>(estimateShape)(forgotten(step)))).toBe(keys(step))
  for (const each of [stopped, gbas])
    expect(keys(inShapeOrder<Stopped>(stoppedShape)(forgotten(each)))).toBe(keys(each))
})
