import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrastPairs } from '../index.ts'
import { mistakeOf, plan } from '../plan/plan.fixture.ts'

/** The contrasts of a sweep over rules, and which cells they pair. */
function pairs(change: object) {
  const sweep = plan({ trial: { steps: 100, escape: 'x >= 0' }, ...change })
  return sweep.demand.contrasts.map((contrast) => [...contrastPairs(contrast, sweep.cells())])
}
const rules = { 'update.rule': ['adam', 'gradient', 'rmsprop'] }
const between = { 'update.rule': ['gradient', 'adam'] }

describe('contrasts', () => {
  test('pair each two cells that agree in all else, first value first', () => {
    const sweep = { ...rules, 'update.eta': [0.1, 0.2] }
    // Cells: update.eta before update.rule, the last one fastest.
    expect(pairs({ sweep, contrasts: [{ of: 'escape', between }] })).toEqual([
      [
        [1, 0],
        [4, 3],
      ],
    ])
  })

  test('are a demand, not identity; the kind is a difference unless it is said', () => {
    const plain = plan({ sweep: rules })
    const contrasted = plan({ sweep: rules, contrasts: [{ of: 'diverge', between }] })
    expect(contrasted.id()).toBe(plain.id())
    expect(plain.demand.contrasts).toEqual([])
    expect(contrasted.demand.contrasts).toEqual([
      { of: 'diverge', kind: 'difference', path: 'update.rule', between: ['gradient', 'adam'], along: [] },
    ])
  })

  test('compare numbers as the axis has them, expressions and ranges included', () => {
    const sweep = { 'update.eta': [0.1, '= 1/4'] }
    const one = plan({ sweep, contrasts: [{ of: 'diverge', between: { 'update.eta': [0.25, '= 0.1'] } }] })
    expect(one.demand.contrasts[0]!.between).toEqual([0.25, 0.1])
    const range = { 'update.eta': { from: 0.1, to: 0.3, count: 3 } }
    const two = plan({ sweep: range, contrasts: [{ of: 'diverge', between: { 'update.eta': [0.2, 0.3] } }] })
    expect(two.demand.contrasts[0]!.between).toEqual([0.2, 0.3])
  })

  test('name a whole subtree by what is inside it, where only one has it', () => {
    const adam = { rule: 'adam', eta: 0.01, drift: { sigma: 1 } }
    const plainDescent = { rule: 'gradient', eta: 0.1, drift: { sigma: 1 } }
    const named = plan({ sweep: { update: [adam, plainDescent] }, contrasts: [{ of: 'diverge', between }] })
    expect(named.demand.contrasts[0]).toMatchObject({ path: 'update', between: [plainDescent, adam] })
    const whole = { of: 'diverge', between: { update: [adam, plainDescent] } }
    expect(plan({ sweep: { update: [adam, plainDescent] }, contrasts: [whole] }).demand.contrasts[0]).toMatchObject({
      between: [adam, plainDescent],
    })
    const both = { update: [adam, { ...adam, eta: 0.1 }, plainDescent] }
    expect(mistakeOf({ sweep: both, contrasts: [{ of: 'diverge', between }] })).toContain(
      'contrasts.0.between.update.rule.1: "adam": 2 values of update contain it, so it is ambiguous; ' +
        'write one of these values in full',
    )
  })

  test('let zipped paths go along; in a table of cells the others must agree', () => {
    const zip = [{ 'update.rule': ['adam', 'gradient'], 'update.eta': [0.01, 0.1] }]
    expect(pairs({ zip, contrasts: [{ of: 'escape', between }] })).toEqual([[[1, 0]]])
    const points = [
      { 'update.rule': 'adam', 'update.eta': 0.1 },
      { 'update.rule': 'adam', 'update.eta': 0.2 },
      { 'update.rule': 'gradient', 'update.eta': 0.3 },
      { 'update.rule': 'gradient', 'update.eta': 0.2 },
    ]
    expect(pairs({ points, contrasts: [{ of: 'escape', between }] })).toEqual([[[3, 1]]])
  })

  test('are refused just where no two cells are paired, in any table and whatever `where` leaves', () => {
    const value = fc.constantFrom(0.1, 0.2, 0.3)
    const row = fc.record({ 'update.eta': value, 'update.drift.sigma': value })
    const bound = fc.constantFrom(0.1, 0.25, 0.45, 0.9)
    const between = { 'update.eta': [0.1, 0.2] }
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.array(value, { minLength: 1, maxLength: 3 }),
        bound,
        (points, T, most) => {
          const change = {
            let: { T: 1 },
            sweep: { 'let.T': T },
            points: [
              { 'update.eta': 0.1, 'update.drift.sigma': 0.1 },
              { 'update.eta': 0.2, 'update.drift.sigma': 0.3 },
              ...points,
            ],
            where: `eta + T*sigma <= ${most} || sigma == 0.3 && T == 0.3 && eta == 0.3`,
            trials: 1,
          }
          const counts = [0.1, 0.2].map((eta) => change.points.filter((point) => point['update.eta'] === eta).length)
          const along = counts.every((count) => count === 1) ? ['update.drift.sigma'] : []
          const contrast = {
            of: 'diverge',
            kind: 'difference',
            path: 'update.eta',
            between: [0.1, 0.2],
            along,
          } as const
          const said = mistakeOf(change)
          if (said.includes('NO_CELLS')) return
          const some = [...contrastPairs(contrast, plan(change).cells())].length > 0
          const checked = mistakeOf({ ...change, contrasts: [{ of: 'diverge', between }] })
          expect(checked.includes('no two cells')).toBe(!some)
        },
      ),
      { numRuns: process.env.DRIFTFARM_TEST_TIER === 'full' ? 100 : 40 },
    )
  })

  test('know what `where` leaves', () => {
    const sweep = { 'update.eta': [0.1, 0.2, 0.4], 'update.drift.sigma': [1, 2] }
    const change = {
      sweep,
      where: 'eta * sigma < 0.5',
      contrasts: [{ of: 'escape', between: { 'update.drift.sigma': [1, 2] } }],
    }
    // Cells (sigma, eta): (1, 0.1) (1, 0.2) (1, 0.4) (2, 0.1) (2, 0.2).
    expect(pairs(change)).toEqual([
      [
        [0, 3],
        [1, 4],
      ],
    ])
  })

  test('are checked against the events of every cell, not of the first alone', () => {
    const trial = [
      { steps: 100, escape: 'x >= 0' },
      { steps: 100, escape: 'x >= 0', marks: { m: 'x > 1' } },
    ]
    const contrasts = [{ of: 'mark:m', between }]
    expect(mistakeOf({ sweep: { ...rules, trial }, contrasts })).toContain('UNKNOWN_ESTIMATE')
    expect(mistakeOf({ sweep: rules, trial: trial[1], contrasts })).toBe('nothing was thrown')
    expect(mistakeOf({ sweep: rules, trial: trial[1], contrasts: [{ of: 'mark:m@50', between }] })).toContain(
      'UNKNOWN_ESTIMATE',
    )
    expect(
      mistakeOf({ sweep: rules, trial: trial[1], horizons: [50], contrasts: [{ of: 'mark:m@50', between }] }),
    ).toBe('nothing was thrown')
  })
})
