import { describe, expect, test } from 'vitest'
import { suggestionsAt } from './suggestions.ts'

const at = (marked: string) => suggestionsAt(marked.replace('@', ''), marked.indexOf('@'))
const labels = (marked: string): readonly string[] => at(marked)?.options.map(({ label }) => label) ?? []

describe('suggestions in a spec', () => {
  test('keys of the top level, without those that are written', () => {
    const found = labels('version: 1\nname: a\n@')
    expect(found).toEqual(expect.arrayContaining(['landscape', 'trials', 'sweep']))
    expect(found).not.toContain('name')
  })

  test.each([
    ['update:\n  eta: 0.1\n  dr@', ['rule', 'drift', 'beta']],
    ['update: { eta: 0.1, dr@ }', ['rule', 'drift', 'beta']],
    ['update: { eta: 0.1, @ }\ntrials: 10', ['rule', 'drift']],
    ['update:\n  drift:\n    @\ntrial: { steps: 9 }', ['sigma', 'law']],
    ['sweep:\n  update.eta: { from: 1, @ }', ['to', 'count', 'scale']],
    ['update: { eta: 0.1, drift: { sigma: 1 } }\nsweep:\n  @', ['update.eta', 'update.drift.sigma']],
    ['landscape: { preset: @ }', ['double-well', 'banana']],
    ['landscape:\n  preset: double-w@', ['double-well', 'banana']],
    ['landscape: { preset: double-well }\nstart: { minimum: @ }', ['left', 'right']],
    ['update: { drift: { law: g@ } }', ['gaussian', 'laplace']],
    ['sweep:\n  update.drift.law: [gaussian, @]', ['laplace']],
    ['streams: @', ['independent', 'common']],
  ])('%j', (marked, expected) => {
    expect(labels(marked)).toEqual(expect.arrayContaining(expected))
  })

  test('a key comes with its colon and its description', () => {
    const found = at('upd@')?.options.find(({ label }) => label === 'trials')
    expect(found).toMatchObject({ apply: 'trials: ', info: expect.stringMatching(/trials/i) })
    expect(at('tri@als: 10')?.options.find(({ label }) => label === 'trials')?.apply).toBe('trials')
  })

  test('the word at the cursor is replaced', () => {
    expect(at('update:\n  dr@')?.from).toBe('update:\n  '.length)
  })

  test.each(['# upd@', 'trial: { escape: "x@ >= 0" }', 'name: a@', 'trials: 10@', 'nonsense:\n  a@', ': : [ { @'])(
    'none at %j',
    (marked) => {
      expect(labels(marked)).toEqual([])
    },
  )
})
