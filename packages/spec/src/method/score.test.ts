import { compileCondition, compileScalar, parse, parseCondition } from '@driftfarm/formula'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellOf, mistakeOf, resolvedCell } from '../plan/plan.fixture.ts'
import { splittingOf } from './score.ts'

const plane = { formula: { variables: ['x', 'y'], expression: 'x^2 + y^2' } }

function methodOf(change: object) {
  const { method } = cellOf({ trials: undefined, ...change, method: 'splitting' })
  if (method.kind !== 'splitting') throw new Error(method.kind)
  return method
}

const planeScore = (escape: unknown) => methodOf({ landscape: plane, start: [0, 0], trial: { steps: 9, escape } }).score

describe('the default score', () => {
  test.each([
    ['x >= 2', 'x - 2'],
    ['x > 0', 'x'],
    ['x <= 2', '2 - x'],
    ['x < 0', '-x'],
    ['x >= 2 && y >= 1', 'min(x - 2, y - 1)'],
    ['x >= 2 || y >= 1', 'max(x - 2, y - 1)'],
    ['!(x >= 2 && y >= 1)', 'max(2 - x, 1 - y)'],
    ['x == 2', '-abs(x - 2)'],
    ['x != 2', 'abs(x - 2)'],
  ])('of %s is %s', (escape, score) => {
    expect(planeScore(escape)).toBe(score)
  })

  test('of named exits is that of the nearest', () => {
    expect(planeScore({ upper: 'y >= 1', lower: 'y <= -1' })).toBe('max(y - 1, -1 - y)')
  })

  test('of a ball is how far beyond its radius a state is', () => {
    expect(planeScore({ outside: { radius: 2, of: [0, -1] } })).toBe('sqrt(x^2 + (y + 1)^2) - 2')
    const many = { landscape: { preset: 'quadratic', dimension: 101 }, start: new Array(101).fill(0) }
    const trial = { steps: 9, escape: { outside: { radius: 2, of: new Array(101).fill(0) } } }
    expect(mistakeOf({ ...many, trial, method: 'splitting' })).toContain('MISSING')
  })

  test('of a basin there is none', () => {
    const change = { trial: { steps: 9, escape: { basin: true } } }
    expect(mistakeOf({ ...change, trials: undefined, method: 'splitting' })).toContain(
      'a score that defines the levels',
    )
    expect(splittingOf(resolvedCell(change).cell, { particles: 100, kill: 1 })).toBeNull()
  })
})

/** Conditions over x and y, none of which a random point meets by a hair. */
const compared = fc
  .tuple(
    fc.constantFrom('x', 'y', 'x + 2 * y', 'x * y', 'x^2 - y', 'abs(x)', 'sqrt(x^2 + y^2)'),
    fc.constantFrom('>=', '>', '<=', '<'),
    fc.constantFrom('0', '1.25', '-0.75', 'y - 0.3', '2 * x'),
  )
  .map(([left, operator, right]) => `${left} ${operator} ${right}`)
const { condition } = fc.letrec<{ condition: string }>((again) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    compared,
    fc
      .tuple(again('condition'), fc.constantFrom('&&', '||'), again('condition'))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    again('condition').map((inner) => `!(${inner})`),
  ),
}))

test('is 0 or more where the condition holds, and nowhere else', () => {
  const slots = {
    names: new Map([
      ['x', 0],
      ['y', 1],
    ]),
    arrays: new Map(),
  }
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true })
  const numRuns = process.env.DRIFTFARM_TEST_TIER === 'full' ? 300 : 120
  let held = 0
  let failed = 0
  fc.assert(
    fc.property(
      condition,
      fc.array(fc.tuple(coordinate, coordinate), { minLength: 20, maxLength: 20 }),
      (text, points) => {
        const holds = compileCondition(parseCondition(text), slots)
        const score = compileScalar(parse(planeScore(text)), slots)
        for (const [x, y] of points) {
          const values = Float64Array.of(x, y)
          const by = score(values, [])
          if (Math.abs(by) < 1e-9) continue
          expect(by >= 0, `${text} at ${x}, ${y}`).toBe(holds(values, []))
          if (by > 0) held++
          else failed++
        }
      },
    ),
    { seed: 11, numRuns },
  )
  // Both were seen, often.
  expect(Math.min(held, failed)).toBeGreaterThan(3 * numRuns)
})
