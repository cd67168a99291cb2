import { zeroTally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import { estimatesOf } from './cell/estimates.ts'
import { checksOf, premiseChecks } from './checks.ts'
import type { CellFindings, PremiseContext } from './finding/cellFindings.ts'
import type { Check } from './finding/check.ts'
import { control, premises } from './finding/premises.fixture.ts'
import {
  type BasinPremise,
  type Control,
  type OvershootPremise,
  type Premises,
  premisesNotFound,
  type StartPremise,
  type TwinsPremise,
} from './finding/premises.ts'
import { demand, layout } from './fixtures/samples.ts'
import { tallyOfValues } from './fixtures/values.ts'

/** So many of 1,000 trials escaped; all were classed as good, and reached the mark. */
function found(escaped: number, estimates: readonly string[] | null = null, more: object = {}): CellFindings {
  const tally = {
    ...zeroTally(layout, []),
    trials: 1000,
    ends: [escaped, 0, 0, 1000 - escaped],
    escaped,
    exits: [escaped, 0],
    classes: [1000, 0],
    marks: [1000],
    ...more,
  }
  return {
    tally,
    estimates: estimatesOf(tally, layout, { ...demand, estimates: estimates && [...estimates] }, { kind: 'fixed' }),
  }
}

const bare: Premises = {
  ...premises,
  control: null,
  twins: null,
  basin: null,
  overshoot: null,
  start: null,
  stability: null,
  resolution: null,
  temperature: null,
}
const said = (change: Partial<Premises>, asked: Partial<PremiseContext> = {}) =>
  premiseChecks({ ...bare, ...change }, asked).map(({ name, verdict }) => `${name} ${verdict}`)
const texts = (change: Partial<Premises>, asked: Partial<PremiseContext> = {}) =>
  premiseChecks({ ...bare, ...change }, asked).map(({ text }) => text)

describe('control', () => {
  const controlOf = (change: Partial<Control>): Partial<Premises> => ({ control: { ...control, ...change } })
  const escape = (change: Partial<Control>, measured: number) =>
    said(controlOf(change), { found: found(measured, ['escape']) })

  it.each([
    ['none escapes without noise', 0, 500, 'good'],
    ['half as many do', 25, 500, 'wrong'],
    ['fewer than half', 24, 500, 'doubtful'],
    ['twice as many', 100, 500, 'wrong'],
    ['more than twice as many', 100, 499, 'doubtful'],
    ['as many', 100, 1000, 'wrong'],
    ['some, where none does with noise', 1, 0, 'doubtful'],
  ])('%s', (_, without, measured, verdict) => {
    expect(escape({ escaped: without }, measured)).toEqual([`control ${verdict}`])
  })

  it('of several exits asks which are taken: wrong only where each is as often without noise', () => {
    const exits = (upper: number, lower: number) => ({ escaped: upper + lower, exits: { upper, lower } })
    const measured = (upper: number, lower: number) => found(upper + lower, ['escape'], { exits: [upper, lower] })
    expect(said(controlOf(exits(100, 0)), { found: measured(690, 310) })).toEqual(['control note'])
    expect(said(controlOf(exits(60, 40)), { found: measured(690, 310) })).toEqual(['control wrong'])
    expect(said(controlOf(exits(100, 0)), { found: measured(1000, 0) })).toEqual(['control wrong'])
    expect(said(controlOf(exits(100, 0)))).toEqual(['control note'])
  })

  it('gives both numbers, the steps where they were cut, and the way out', () => {
    const premise = controlOf({ escaped: 30, steps: 400 })
    expect(premiseChecks({ ...bare, ...premise }, { found: found(900, ['escape']) })).toEqual([
      {
        name: 'control',
        verdict: 'doubtful',
        text:
          'without noise, 30 of 100 trials escaped in the first 400 of 1000 steps; with noise: 90 %. Part of the ' +
          'estimate is due to descent',
        hint: expect.stringContaining('start at a minimum'),
      },
    ])
    const loose = { basin: { ...premises.basin!, changed: 3 } }
    expect(
      premiseChecks({ ...bare, ...premise, ...loose }, { escape: 'basin', found: found(900, ['escape']) })[0]!.hint,
    ).toBe('first resolve the finding of the check `basin`')
  })

  it('compares the mean of replicas, not how many of them had an escape', () => {
    const tally = tallyOfValues(new Array(64).fill(1e-4))
    const of = (escaped: number) => said(controlOf({ escaped }), { found: { tally, estimates: {} } })
    expect([of(0), of(1), of(100)]).toEqual([['control good'], ['control doubtful'], ['control doubtful']])
  })

  it('notes shares of ends and marks once, where they were asked for', () => {
    const shares = controlOf({ classes: { good: 40, other: 0 }, marks: { m2: 100 }, settled: { left: 0, right: 0 } })
    const note = (estimates: readonly string[] | null) =>
      texts(shares, { found: found(0, estimates) }).filter((text) => !text.includes('escaped'))
    expect(note(null)).toEqual(['without noise: class:good 40 %, mark:m2 100 %'])
    expect(note(['escape', 'mark:m2'])).toEqual(['without noise: mark:m2 100 %'])
    expect(note(['escape'])).toEqual([])
    expect(said(shares)).toEqual(['control good'])
  })

  it('doubts what diverges without noise, unless stability says it', () => {
    expect(said(controlOf({ diverged: 3 }))).toEqual(['control good', 'control doubtful'])
    const unstable = { stability: { eta: 1.2, curvature: 2, limit: 2 } }
    expect(said({ ...controlOf({ diverged: 3 }), ...unstable })).toEqual(['control good', 'stability doubtful'])
  })

  it.each([
    ['a condition comes true by descent', 'exits', 1000, {}, 'good'],
    ['none leaves its basin', 'basin', 0, {}, 'good'],
    ['one leaves its basin', 'basin', 1, {}, 'wrong'],
    ['one leaves the ball that it began in', 'outside', 1, {}, 'wrong'],
    ['one began outside of the ball', 'outside', 1, { escape: 0.001 }, 'good'],
  ] as const)('without noise in the cell itself: %s', (_, kind, escaped, holds, verdict) => {
    const own = { ...controlOf({ own: true }), start: { starts: 1, holds, outside: null } }
    const [first] = said(own, { escape: kind, found: found(escaped, ['escape']) })
    expect(first).toBe(`control ${verdict}`)
  })

  it('says nothing of escapes where none is asked for', () => {
    expect(said(controlOf({}), { measuresEscape: false })).toEqual([])
  })

  it('before the trials doubts any escape, and is silent without one', () => {
    expect([said(controlOf({ escaped: 1 })), said(controlOf({}))]).toEqual([['control doubtful'], ['control good']])
    expect(said({ control: { ...control, own: true, escaped: 1 } }, { escape: 'basin' })).toEqual(['control wrong'])
  })
})

describe('basin', () => {
  const of = (change: Partial<BasinPremise>, asked?: Partial<PremiseContext>) =>
    said({ basin: { ...premises.basin!, ...change } }, asked)

  it('is wrong where an end changes its basin, with the tolerance that would do', () => {
    expect(of({})).toEqual(['basin good'])
    const [first] = premiseChecks({ ...bare, basin: { ...premises.basin!, tolerance: 1e-3, changed: 3, enough: 1e-7 } })
    expect(first).toEqual({
      name: 'basin',
      verdict: 'wrong',
      text:
        '3 of 8 end points of descents (|grad L| <= 0.001) are in another basin after the descent continues to a ' +
        'tolerance 100 times smaller',
      hint: 'use 1e-7 for `escape.gradient`',
    })
    expect(premiseChecks({ ...bare, basin: { ...premises.basin!, changed: 1 } })[0]!.hint).toContain('`decay`')
  })

  it('takes a smaller ball where the ball reaches into another basin', () => {
    const [first] = premiseChecks({ ...bare, basin: { ...premises.basin!, of: 'within', changed: 1 } })
    expect(first).toMatchObject({ verdict: 'wrong', hint: expect.stringContaining('`converge.within`') })
  })

  it('doubts ends that are no minima', () => {
    expect(of({ noMinimum: 1 })).toEqual(['basin doubtful'])
  })

  it('doubts above one trial in a hundred without an end', () => {
    const with_ = (unreached: number) => ({ found: found(0, ['escape'], { unreached }) })
    expect([of({}, with_(10)), of({}, with_(11))]).toEqual([['basin good'], ['basin doubtful']])
    // Counted trials outweigh the eight ends.
    expect([of({ unreached: 1 }), of({ unreached: 1 }, with_(0))]).toEqual([['basin doubtful'], ['basin good']])
  })
})

describe('start', () => {
  const of = (change: Partial<StartPremise>, asked?: Partial<PremiseContext>) =>
    said({ start: { ...premises.start!, ...change } }, asked)

  it('is wrong where an escape holds at as many starts as it is said to happen in, else doubtful', () => {
    expect(of({})).toEqual(['start good'])
    expect([of({ holds: { escape: 1 } }), of({ holds: { escape: 0.1 } })]).toEqual([
      ['start wrong'],
      ['start doubtful'],
    ])
    const many = { found: found(900, ['escape']) }
    const few = { found: found(150, ['escape']) }
    expect([of({ holds: { escape: 0.1 } }, many), of({ holds: { escape: 0.1 } }, few)]).toEqual([
      ['start doubtful'],
      ['start wrong'],
    ])
    expect(of({ holds: { 'exit:upper': 0.1 } }, { found: found(900) })).toEqual(['start doubtful'])
  })

  it('notes marks and classes that hold', () => {
    expect(texts({ start: { ...premises.start!, holds: { 'mark:m2': 1, 'class:good': 0.25 } } })).toEqual([
      'events that already hold before the first step, with their share of starts: mark:m2 100 %, class:good 25 %',
    ])
  })

  it('doubts starts outside the basin where they can be what escapes', () => {
    const outside = { outside: { minimum: 'left', share: 0.02, starts: 100 } }
    const escaped = (count: number) => ({ found: found(count, ['escape']) })
    expect([of(outside, escaped(500)), of(outside, escaped(30))]).toEqual([['start note'], ['start doubtful']])
    expect(of(outside, { ...escaped(0), measuresEscape: false })).toEqual(['start note'])
  })
})

describe('stability', () => {
  it('doubts steps beyond what plain descent bears', () => {
    const at = (eta: number, limit = 2) => said({ stability: { eta, curvature: 2, limit } })
    expect([at(1), at(1.01), at(1.4, 3), at(1.6, 3)]).toEqual([
      ['stability good'],
      ['stability doubtful'],
      ['stability good'],
      ['stability doubtful'],
    ])
    expect(premiseChecks({ ...bare, stability: { eta: 1.2, curvature: 2, limit: 2 } })[0]).toMatchObject({
      text:
        'eta 1.2 times the largest curvature at the minimum (2) is 2.4, above the limit 2: ' +
        'descent diverges from there even without noise',
      hint: 'use `eta` below 1',
    })
  })

  it('only notes them if it knows the curvature at the start, which may be far from a minimum', () => {
    const at = (eta: number) => said({ stability: { eta, curvature: 2, limit: 2, at: 'start' } })
    expect([at(1), at(1.2)]).toEqual([['stability good'], ['stability note']])
    expect(premiseChecks({ ...bare, stability: { eta: 1.2, curvature: 2, limit: 2, at: 'start' } })[0]).toMatchObject({
      text:
        'eta 1.2 times the largest curvature at the start (2) is 2.4, above the limit 2: ' +
        'near a minimum, descent would diverge even without noise',
      hint: 'if the start is near a minimum, use `eta` below 1',
    })
  })
})

describe('resolution', () => {
  const at = (noise: number | null, step: number | null, own = false, radius: number | null = null) =>
    said({ resolution: { noise, step, radius }, control: own ? { ...control, own } : null }).at(-1)

  it('doubts what rounding decides', () => {
    expect([at(1e-12, 0), at(0.9e-12, 0)]).toEqual(['resolution good', 'resolution doubtful'])
    expect([at(null, 1e-12), at(null, 0.9e-12)]).toEqual(['resolution good', 'resolution doubtful'])
    expect([at(0.1, 0.9e-12), at(0.1, 1.1e12)]).toEqual(['resolution good', 'resolution doubtful'])
    expect([at(0.1, 0.1, false, 1e-12), at(0.1, 0.1, false, 0.9e-12)]).toEqual([
      'resolution good',
      'resolution doubtful',
    ])
  })

  it('is silent at a minimum, and of cells without noise', () => {
    expect([at(null, 0), at(null, 1e-15, true), at(null, null)]).toEqual(new Array(3).fill('resolution good'))
  })
})

describe('temperature', () => {
  const of = (temperatures: readonly number[], asked: number | null = 0.1, limit = 2) =>
    premiseChecks({
      ...bare,
      stability: { eta: 0.1, curvature: 2, limit },
      temperature: {
        asked,
        nominal: 0.1,
        modes: temperatures.map((temperature, at) => ({ curvature: at + 1, temperature })),
        end: null,
      },
    }).filter(({ name }) => name === 'temperature')

  it.each([
    [[0.1049], 'good'],
    [[0.0951, 0.1], 'good'],
    [[0.1, 0.1051], 'note'],
    [[0.0949], 'note'],
    [[0.1, 0.121], 'doubtful'],
    [[0.0655], 'doubtful'],
  ])('of %j where 0.1 is asked for: %s', (modes, verdict) => {
    expect(of(modes).map((each) => each.verdict)).toEqual([verdict])
  })

  it('is silent where no temperature is asked for', () => {
    expect(of([0.05], null)).toEqual([])
    expect(of([])).toEqual([])
  })

  it('notes that a temperature means nothing exact beside a rule that scales gradients', () => {
    const temperature = { asked: 0.1, nominal: 0.1, modes: [], end: null, unlike: 'adam' }
    expect(premiseChecks({ ...bare, temperature })).toEqual([
      {
        name: 'temperature',
        verdict: 'note',
        text: expect.stringContaining('With adam, theta has no exact temperature'),
        hint: null,
      },
    ])
  })

  it('notes what a memory of gradients makes of noise that is given by its size', () => {
    expect(of([0.201], null, 3)).toEqual([
      {
        name: 'temperature',
        verdict: 'note',
        text: expect.stringMatching(
          /0\.201 .* corresponds to 0\.1\. The deviation is 100 %, .*accumulates to a temperature of T\/\(1 - beta\)$/,
        ),
        hint: null,
      },
    ])
    expect(of([0.101], null, 3)).toEqual([])
  })

  it('looks at the last step too, where it is another, and says the worse', () => {
    const at = (temperature: number) => ({ asked: 0.1, nominal: 0.1, modes: [{ curvature: 2, temperature }] })
    const both = (begin: number, end: number) =>
      premiseChecks({ ...bare, temperature: { ...at(begin), end: at(end) } }).map(({ verdict, text }) => [
        verdict,
        text,
      ])
    expect(both(0.1, 0.2)).toEqual([
      ['doubtful', expect.stringContaining('at the last step, theta has the temperature 0.2 along')],
    ])
    expect(both(0.2, 0.1)).toEqual([['doubtful', expect.stringContaining('temperature 0.2 along')]])
    expect(both(0.1, 0.101)).toEqual([['good', expect.anything()]])
    // As far off but for rounding: the first step, so that cells of a sweep say the same.
    expect(both(0.2, 0.2 + 1e-16)).toEqual([['doubtful', expect.stringContaining('temperature 0.2 along')]])
  })

  it('names the range, and what momentum does', () => {
    expect(of([0.0655, 0.107], 0.1, 3)).toEqual([
      {
        name: 'temperature',
        verdict: 'doubtful',
        text:
          'theta has a temperature of at least 0.0655 and at most 0.107 along the principal axes of its minimum; ' +
          '0.1 was requested. The deviation is 35 %, because with momentum beta 0.5, noise on theta gives theta a ' +
          'temperature of about T(1 - beta)',
        hint:
          'to get T, put the noise on the gradient with `sigma: "= sqrt(2*T*(1 - beta)/eta)"`. Only then is the ' +
          'slope of a fit against 1/T a barrier',
      },
    ])
    expect(of([0.15])[0]!.text).toMatch(/because the steps are long for this curvature$/)
    expect(of([0.15], 0.1, 1.5)[0]!.text).toMatch(/because the rule also uses earlier gradients$/)
    const student = { asked: 0.1, nominal: 0.1667, modes: [{ curvature: 1, temperature: 0.17 }], end: null }
    expect(premiseChecks({ ...bare, temperature: student })[0]).toMatchObject({
      text: expect.stringMatching(/because the distribution of the noise has variance 1\.67$/),
      hint: expect.stringContaining('a `law` of variance 1'),
    })
  })
})

it('says what could not be found', () => {
  expect(premiseChecks({ ...bare, failed: [{ part: 'basin', reason: 'no time' }] })).toEqual([
    { name: 'basin', verdict: 'note', text: 'not checked: no time', hint: null },
  ])
  const [lost] = premiseChecks(premisesNotFound('no time', { lost: true }))
  expect(lost).toMatchObject({ verdict: 'note', hint: expect.stringContaining('verify') })
})

describe('twins', () => {
  const twins = { of: 'drift', acts: false, trials: 8, steps: 100, horizon: 100, why: 'when', idle: [] } as const
  const idle = [{ entry: 1, form: 'flip', why: 'scale' }] as const

  it.each<[string, TwinsPremise, string[]]>([
    ['no noise acts', twins, ['control wrong']],
    ['nor in the first steps', { ...twins, steps: 50 }, ['control doubtful']],
    ['noise acts', { ...twins, acts: true, why: null }, []],
    ['one of two does not', { ...twins, acts: true, why: null, idle }, ['control doubtful']],
    ['its scale is 0, as was written', { ...twins, why: 'zero' as const }, ['control note']],
    [
      'that of one of two is',
      { ...twins, acts: true, why: null, idle: [{ ...idle[0]!, why: 'zero' as const }] },
      ['control note'],
    ],
  ])('%s', (_, twins, verdicts) => {
    expect(said({ twins })).toEqual(verdicts)
  })

  it('says how many trials, why, and which entry', () => {
    expect(texts({ twins })).toEqual([
      '8 of 8 trials have the same outcome with and without the drift: the noise has no effect, because its ' +
        'condition `when` never holds',
    ])
    expect(texts({ twins: { ...twins, of: 'batches', why: 'samples', trials: 1, steps: 50 } })).toEqual([
      'the only trial has the same outcome with and without mini-batches, over the first 50 of 100 steps: the noise ' +
        'has no effect, because where trials go, every batch has the same gradient as the whole data set',
    ])
    expect(texts({ twins: { ...twins, acts: true, why: null, idle } })).toEqual([
      'entry 2 of the drift list (flip) has no effect, because its scale is 0 at every step',
    ])
    expect(texts({ twins: { ...twins, why: 'zero' } })).toEqual(['the scale of the drift is 0: it has no effect'])
  })
})

describe('overshoot', () => {
  const sample = { trials: 64, steps: 100, horizon: 100, escaped: 32, examined: 16, long: 0, overshot: 0, eta: 0.4 }
  const with32 = (escaped: number, trials = 64, eta = 0.2) => {
    return { eta, beta: null, steps: 200, trials, escaped, whole: null }
  }
  const verdictOf = (change: object) => said({ overshoot: { ...sample, smaller: [], ...change } })

  // Two shares of 64 trials differ beyond chance from 32 and 14 on: z is 3.31.
  it.each([
    ['as many with smaller steps', { overshot: 16, smaller: [with32(32)] }, []],
    ['fewer, by chance', { smaller: [with32(15)] }, []],
    ['less than half, which may be chance', { smaller: [with32(14)] }, ['stability doubtful']],
    // The upper limit of the share that is left is 0.53 with 10 and 0.49 with 9.
    ['hardly less than half', { smaller: [with32(10)] }, ['stability doubtful']],
    ['less than half', { smaller: [with32(9)] }, ['stability wrong']],
    ['none', { smaller: [with32(0)] }, ['stability wrong']],
    ['half, of many', { trials: 640, escaped: 320, smaller: [with32(176, 640)] }, ['stability doubtful']],
    ['none of too few, and no last step overshoots', { smaller: [with32(0, 4)] }, []],
    ['none of too few, and all last steps overshoot', { overshot: 16, smaller: [with32(0, 4)] }, ['stability wrong']],
    ['half of the last steps overshoot', { overshot: 8 }, ['stability doubtful']],
    ['fewer do', { overshot: 7 }, []],
    ['two of two do', { examined: 2, overshot: 2 }, ['stability doubtful']],
    ['one of one does', { examined: 1, overshot: 1 }, []],
    ['nothing escapes', { escaped: 0, examined: 0 }, []],
  ])('%s', (_, change, verdicts) => {
    expect(verdictOf(change)).toEqual(verdicts)
  })

  it('proposes the largest steps from which on nothing changes', () => {
    const smaller = [with32(20, 64, 0.2), with32(2, 64, 0.1), with32(1, 64, 0.05)]
    const [{ text, hint }] = premiseChecks({ ...bare, overshoot: { ...sample, smaller } }) as [Check]
    expect(text).toBe(
      '50 % of 64 trials escape with `eta` 0.4, but 1.6 % of 64 trials with `eta` 0.05 at the same temperature and ' +
        'time: most escapes happen because long steps overshoot',
    )
    expect(hint).toMatch(/^use `eta` 0\.1 and `steps` 200 with/)
  })

  it('proposes steps for the whole horizon where the comparison stopped before it', () => {
    const overshoot = { ...sample, horizon: 1000, smaller: [with32(2)] }
    const [{ text, hint }] = premiseChecks({ ...bare, overshoot }) as [Check]
    expect(text).toMatch(/escape within 100 steps with/)
    expect(hint).toMatch(/^use `eta` 0\.2 and `steps` 2000 with/)
  })

  it('proposes steps that are small enough for the whole horizon', () => {
    const among = (escaped: number) => ({ whole: { trials: 64, escaped } })
    const smaller = [
      { ...with32(2), ...among(64) },
      { ...with32(1, 64, 0.1), ...among(8) },
      { ...with32(0, 64, 0.05), ...among(3) },
    ]
    const mendWith = (smaller: object) =>
      (premiseChecks({ ...bare, overshoot: { ...sample, smaller } as OvershootPremise }) as [Check])[0].hint
    expect(mendWith(smaller)).toMatch(/^use `eta` 0\.1 and/)
    expect(mendWith(smaller.map((each) => ({ ...each, whole: null })))).toMatch(/^use `eta` 0\.2 and/)
  })
})

it('of a number that is wrong, nothing asks for more trials', () => {
  const wrong = {
    ...bare,
    twins: { of: 'drift', acts: false, trials: 1, steps: 9, horizon: 9, why: 'scale', idle: [] },
  }
  const hints = (premises: Premises) =>
    checksOf({ ...found(0, ['escape']), ended: 'max', horizon: 9, premises }).map(({ name, hint }) => [name, hint])
  expect(hints(bare)).toContainEqual(['events', expect.stringContaining('add trials')])
  expect(hints(wrong as Premises).filter(([name, hint]) => name !== 'control' && hint !== null)).toEqual([])
})
