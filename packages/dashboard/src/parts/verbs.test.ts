import { expect, test } from 'vitest'
import { type Acted, verbs } from './verbs.ts'

const retry = (state: Acted['state'], counts: Partial<Acted> = {}) =>
  verbs.retry.allows({ id: '1', name: 'well', state, ...counts })

test('retry is offered only where there are failures', () => {
  for (const state of ['cancelled', 'paused', 'complete', 'running'] as const) {
    expect(retry(state), state).toBe(false)
    expect(retry(state, { batches: { failed: 0 } }), state).toBe(false)
  }
  expect(retry('cancelled', { failed: 2 })).toBe(true)
  expect(retry('running', { batches: { failed: 1 } })).toBe(true)
  expect(retry('complete', { batches: { failed: 1 } })).toBe(false)
  expect(retry('incomplete')).toBe(true)
})
