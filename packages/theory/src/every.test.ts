import { expect, test } from 'vitest'
import { applied, asymptoticOf, temperature } from './asymptotics/cells.fixture.ts'
import { cellOf } from './cells.fixture.ts'
import { oracle } from './oracle/oracle.ts'
import { withSmallerSteps } from './premises/smallerSteps.ts'
import { theorem } from './theorem/theorem.ts'

/** Double well with an escape that is tested every `every` steps. */
const wellCell = (every: number, trial: object = {}) => {
  const update = { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } }
  const escape = { when: 'x >= 0', every }
  return cellOf('double-well', { start: [-1], update, trial: { steps: 100, escape, ...trial } }, 1)
}

test('exact answers refuse escapes and marks with every', () => {
  expect(oracle(wellCell(1), [])).toHaveProperty('answers')
  expect(oracle(wellCell(2), [])).toMatchObject({ reason: expect.stringContaining('on `every`') })
  const marked = wellCell(1, { marks: { seen: { when: 'x > 0.5', every: 3 } } })
  expect(oracle(marked, [])).toMatchObject({ reason: expect.stringContaining('on `every`') })
})

test('results in a limit refuse them, too', () => {
  const written = { preset: 'double-well', start: [-1], drift: temperature(0.02) }
  const trial = (every: number) => ({ ...written, trial: { escape: { when: 'x >= 0', every } } })
  expect(applied('eyring-kramers', trial(1)).applies).toBe(true)
  expect(asymptoticOf('eyring-kramers', trial(20))).toMatchObject({
    reason: 'the escape is tested only every 20 steps',
  })
})

test('only the bound on leaving a ball remains, as an upper one: a trial that escapes has left the ball', async () => {
  expect((await theorem(wellCell(1), [])).certificate).not.toMatchObject({ by: 'ball' })
  const { certificate, escape } = await theorem(wellCell(5), [])
  expect(certificate).toMatchObject({ by: 'ball' })
  expect(escape.ends).not.toBe('both')
})

test('smaller steps test as often in time', () => {
  const found = withSmallerSteps(wellCell(4, { converge: { when: 'x < -2', every: 3, hold: 2 } }), 0.5)
  expect(found?.trial).toMatchObject({
    steps: 200,
    escape: { exits: [['', 'x >= 0', 8]] },
    converge: { every: 6, hold: 2 },
  })
})
