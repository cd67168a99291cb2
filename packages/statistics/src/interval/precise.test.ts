import { expect, test } from 'vitest'
import { halfWidth, isPrecise } from './precise.ts'

test.each([
  // A rare event is precise by its absolute width: its relative width says little.
  ['escape', 1e-6, 0, 3e-4, true],
  ['exit:left@100', 0.5, 0.49, 0.51, true],
  ['escape', 0.5, 0.46, 0.55, true],
  ['escape', 0.5, 0.44, 0.56, false],
  // What is no probability has no natural scale.
  ['escapeRate', 1e-6, 0, 3e-4, false],
  ['escapeRate', 1e-3, 0.95e-3, 1.05e-3, true],
  ['escapeStep', 100, 95, Number.POSITIVE_INFINITY, false],
  ['escapeStep', Number.NaN, Number.NaN, Number.NaN, false],
  ['escape', 0, 0, 0, true],
])('%s of %d in [%d, %d]: %s', (name, value, low, high, precise) =>
  expect(isPrecise(name, { value, low, high })).toBe(precise),
)

test('the half-width of an unbounded interval is infinite', () =>
  expect(halfWidth({ low: 0, high: Number.POSITIVE_INFINITY })).toBe(Number.POSITIVE_INFINITY))
