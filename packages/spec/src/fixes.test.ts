import { describe, expect, test } from 'vitest'
import { parseSweep, SpecError, type SpecFinding } from './index.ts'
import { axisMistakes } from './mistakes.axes.fixture.ts'
import { demandMistakes } from './mistakes.demand.fixture.ts'
import { documentMistakes } from './mistakes.document.fixture.ts'
import { spec, sweep, trial, update } from './mistakes.fixture.ts'
import { habits } from './mistakes.habits.fixture.ts'
import { habitsOfWords } from './mistakes.habitsWords.fixture.ts'
import { landscapeMistakes } from './mistakes.landscape.fixture.ts'
import { newcomersMistakes } from './mistakes.newcomers.fixture.ts'
import { newcomersTexts } from './mistakes.newcomersText.fixture.ts'
import { numberMistakes } from './mistakes.numbers.fixture.ts'
import { trialMistakes } from './mistakes.trial.fixture.ts'
import { updateMistakes } from './mistakes.update.fixture.ts'

function errorsOf(text: string): readonly SpecFinding[] {
  try {
    parseSweep(text, { fileName: 'a.yaml' })
    return []
  } catch (error) {
    if (error instanceof SpecError) return error.errors
    throw error
  }
}

const fixed = (text: string, { from, to, text: made }: NonNullable<SpecFinding['fix']>): string =>
  text.slice(0, from) + made + text.slice(to)

describe('a fix corrects its mistake', () => {
  test.each([
    ['a key', spec({ rest: 'trails: 1000' }), 'trials: 1000'],
    ['a key of another library', update('{ lr: 0.1 }'), '{ eta: 0.1 }'],
    ['a preset', spec({ landscape: 'landscape: { preset: duble-well }' }), 'preset: double-well'],
    ['a quoted word', spec({ landscape: 'landscape: { preset: "duble-well" }' }), 'preset: "double-well"'],
    ['a minimum', spec({ start: 'start: { minimum: lefft }' }), 'minimum: left'],
    ['a name in a condition', trial('{ steps: 9, escape: "losss >= 1" }'), 'escape: "loss >= 1"'],
    ['a swept path', sweep('{ update.etta: [0.1, 0.2] }'), '{ update.eta: [0.1, 0.2] }'],
    ['a tab', spec({ update: 'update:\n\teta: 0.1' }), 'update:\n  eta: 0.1'],
    ['a colon without a space', spec({ rest: 'trials:1000' }), 'trials: 1000'],
    ['an equals sign', spec({ rest: 'trials = 1000' }), 'trials: 1000'],
    [
      'a missing comma',
      spec({ start: 'start: [-1 ]\nstreams: common', trial: 'trial: { steps: 9\n  escape: "x > 0" }' }),
      'steps: 9,',
    ],
  ])('%s', (_what, wrong, right) => {
    const [error] = errorsOf(wrong)
    expect(error?.fix).toBeDefined()
    const text = fixed(wrong, error!.fix!)
    expect(text).toContain(right)
    expect(errorsOf(text)).toEqual([])
  })

  // A fix may uncover the next mistake, but never leaves the same one. The fast tier tests every fifth spec.
  test('in every spec of the other tests', () => {
    const cases = [
      ...landscapeMistakes,
      ...updateMistakes,
      ...newcomersMistakes,
      ...newcomersTexts,
      ...habits,
      ...habitsOfWords,
      ...documentMistakes,
      ...numberMistakes,
      ...trialMistakes,
      ...demandMistakes,
      ...axisMistakes,
    ]
    const full = process.env.DRIFTFARM_TEST_TIER === 'full'
    const tested = cases.filter((_, at) => full || at % 5 === 0)
    let count = 0
    for (const [what, , marked] of tested) {
      const text = marked.replace('@', '')
      for (const { fix, message } of errorsOf(text)) {
        if (fix === undefined) continue
        count++
        expect(
          errorsOf(fixed(text, fix)).map((error) => error.message),
          what,
        ).not.toContain(message)
      }
    }
    expect(count).toBeGreaterThan(tested.length / 8)
  })

  test.each([
    ['a key', spec({ rest: 'trials: 1000\ntrails: 5' }), 'trials'],
    ['a key of another library', update('{ eta: 0.1, lr: 0.2 }'), 'eta'],
    ['a swept path', sweep('{ update.eta: [0.1, 0.2], update.etta: [0.1, 0.2] }'), 'update.eta'],
    ['a key of a range', sweep('{ update.eta: { from: 0.1, to: 0.2, count: 3, cuont: 5 } }'), 'count'],
    ['a name', spec({ update: 'update: { eta: "= a_b" }', rest: 'trials: 10\nlet: { a_b: 1, a-b: 2 }' }), 'a_b'],
  ])('%s that is given already is not proposed', (_what, wrong, given) => {
    const [error] = errorsOf(wrong)
    expect(error?.fix).toBeUndefined()
    expect(error?.hint).toBe(`\`${given}\` is already given; keep only one of the two`)
  })

  test('there is none where the hint alone cannot be written at one place', () => {
    const fixes = [update('{ eta: 0.1, drift: { laplace: 1 } }'), spec({ start: '' }), spec({ rest: 'trials: -1' })]
      .flatMap(errorsOf)
      .map(({ fix }) => fix)
    expect(fixes).toEqual(fixes.map(() => undefined))
  })
})
