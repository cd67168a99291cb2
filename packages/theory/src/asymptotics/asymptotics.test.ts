import { expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { barrierHeight } from './asymptotics.ts'
import { temperature } from './cells.fixture.ts'

const well = (T: number, escape: string, update: Readonly<Record<string, unknown>> = {}) =>
  cellOf(
    'double-well',
    {
      start: [-1],
      update: { rule: 'gradient', eta: 0.1, drift: temperature(T), ...update },
      trial: { steps: 1000, escape },
    },
    1,
  )

test('the double well has the barrier 1/4, at every temperature that is low', () => {
  for (const T of [0.02, 0.05, 0.1])
    expect(barrierHeight(well(T, 'x >= 0'), [])).toEqual({
      height: expect.closeTo(0.25, 12),
      temperature: expect.closeTo(T, 12),
      law: 'eyring-kramers',
    })
})

test('where Eyring and Kramers say nothing, Freidlin and Wentzell may', () => {
  expect(barrierHeight(well(0.05, 'x >= 0.3'), [])).toMatchObject({
    height: expect.closeTo(0.25, 12),
    law: 'freidlin-wentzell',
  })
  // An edge on the slope: its own height, (x^2 - 1)^2/4 at -0.3.
  expect(barrierHeight(well(0.02, 'x >= -0.3'), [])).toMatchObject({
    height: expect.closeTo(0.91 ** 2 / 4, 9),
    law: 'freidlin-wentzell',
  })
})

test('else the reason is that of Eyring and Kramers', () => {
  expect(barrierHeight(well(0.4, 'x >= 0'), [])).toMatchObject({ reason: expect.stringMatching(/0\.625 T/) })
  expect(barrierHeight(well(0.05, 'x >= 0', { rule: 'momentum', beta: 0.5 }), [])).toMatchObject({
    reason: 'the rule is momentum, not gradient',
  })
})
