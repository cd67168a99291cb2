import { describe, expect, test } from 'vitest'
import { parseSweep, SpecError, type SpecFinding, type SpecOptions } from './index.ts'
import { limits } from './limits.ts'
import { spec, sweep, trial, update } from './mistakes.fixture.ts'

function errorsOf(text: string, options: Partial<SpecOptions> = {}): readonly SpecFinding[] {
  try {
    parseSweep(text, { fileName: 'bad.yaml', ...options })
  } catch (error) {
    if (error instanceof SpecError) return error.errors
    throw error
  }
  return []
}

const found = (text: string, options?: Partial<SpecOptions>) =>
  errorsOf(text, options).map(({ code, path }) => `${code} ${path}`)

describe('all mistakes at once', () => {
  test('of sections that do not know of one another', () => {
    const text = spec({ start: 'start: [1, 2, 3]', rest: 'trials: 0\nsweep: { "update.etaa": [1] }' })
    expect(found(text)).toEqual(['WRONG_DIMENSION start', 'OUT_OF_RANGE trials', 'UNKNOWN_PATH update.etaa'])
  })

  test('of one section: its keys, its numbers and its words', () => {
    const text = update('{ foo: 1, bar: 2, eta: -1, drift: { form: additiv, sigma: -1 } }')
    expect(found(text)).toEqual([
      'UNKNOWN_KEY update.foo',
      'UNKNOWN_KEY update.bar',
      'OUT_OF_RANGE update.eta',
      'UNKNOWN_WORD update.drift.form',
    ])
  })

  test('by line and column, the first in the place of the whole', () => {
    const text = spec({
      landscape: 'landscape: { preset: tilted-double-well, parameters: { c: "= 1/0", d: 1 } }',
      trial: 'trial: { steps: 1.5, escape: "z > 0", marks: { a: "x >", b: "1 > 2" } }',
      rest: 'trials: 9\nuntil: { estimate: escape, relative: -1 }\nconfidence: 2',
    })
    const errors = errorsOf(text)
    expect(errors.map(({ path }) => path)).toEqual([
      ...['landscape.parameters.c', 'landscape.parameters.d', 'trial.steps', 'trial.escape'],
      ...['trial.marks.a', 'trial.marks.b', 'until.relative', 'confidence'],
    ])
    const places = errors.map(({ line, column }) => line! * 1000 + column!)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    try {
      parseSweep(text, { fileName: 'bad.yaml' })
    } catch (error) {
      expect(error).toMatchObject({ ...errors[0] })
    }
  })

  test('at most 20', () => {
    const marks = Array.from({ length: 50 }, (_, i) => `m${i}: "y > ${i}"`).join(', ')
    expect(errorsOf(trial(`{ steps: 9, marks: { ${marks} } }`))).toHaveLength(limits.errors)
  })

  test('of every value of an axis, and of a range once', () => {
    expect(found(sweep('{ update.eta: [0.1, -1, 0.2, -2] }'))).toHaveLength(2)
    expect(found(sweep('{ update.eta: { from: -1, to: -0.1, count: 50 } }'))).toHaveLength(1)
  })

  test('of options and of the file', () => {
    const text = spec({ start: 'start: [1, 2]' })
    expect(found(text, { trials: 0, set: [['update.eta', '-1']] })).toEqual([
      'WRONG_DIMENSION start',
      'OUT_OF_RANGE trials',
      'OUT_OF_RANGE update.eta',
    ])
  })
})

describe('no mistake is the consequence of another', () => {
  test.each([
    ['an unknown preset', spec({ landscape: 'landscape: { preset: doubl-wall }', start: 'start: { minimum: left }' })],
    ['a dimension', spec({ landscape: 'landscape: { preset: quadratic, dimension: 0 }', start: 'start: [0, 0]' })],
    [
      'a bad expression, with names that are right',
      spec({ landscape: 'landscape: { formula: { variables: [x], expression: "x +", minima: { a: [0] } } }' }),
    ],
    [
      'a minimum that start and events name',
      spec({
        landscape: 'landscape: { formula: { variables: [x], expression: "x^2", minima: { a: [0, 0] } } }',
        start: 'start: { minimum: a }',
        trial: 'trial: { steps: 9, converge: { within: 0.1, of: a } }',
      }),
    ],
    [
      'a let that others need',
      spec({ head: 'version: 1\nlet: { T: "= 1/0", U: "= T" }', update: 'update: { eta: "= U" }' }),
    ],
    ['a name that is misspelt', spec({ head: 'version: 1\nlet: { temp: 1 }', update: 'update: { eta: "= tmp" }' })],
    [
      'an axis that is none',
      sweep('{ update.eta: 1, update.beta: [0.5] }', { update: 'update: { rule: momentum, drift: none }' }),
    ],
    ['escape, and what is asked of it', trial('{ steps: 9, escape: "x >" }\nestimates: [escape, escapeRate]')],
    ['steps, and horizons before them', trial('{ steps: none, escape: "x > 0" }\nhorizons: [5]')],
    ['a key, and the one it stands for', update('{ lr: 0.1, drift: none }')],
    ['a section at the wrong place', spec({ trial: 'steps: 9' })],
    [
      'layers that do not fit the data',
      spec({
        landscape: 'landscape: { network: { layers: [3, 2, 1], data: { preset: xor }, minima: { a: [1, 2] } } }',
        start: 'start: [0]',
        trial: 'trial: { steps: 9 }',
      }),
    ],
  ])('%s', (_what, text) => {
    expect(errorsOf(text).map(({ message }) => message)).toHaveLength(1)
  })
})

describe('names that nothing uses', () => {
  const formula = (rest: string) => ({
    landscape: `landscape: { formula: { variables: [x], expression: "(x^2 - 1)^2/4 + k*x", ${rest} } }`,
  })
  test.each([
    ['a let', spec({ head: 'version: 1\nlet: { T: 1 }' }), 'UNUSED_NAME let.T'],
    ['a swept let', sweep('{ let.T: [1, 2] }'), 'UNKNOWN_NAME let.T'],
    ['a parameter', spec(formula('parameters: { k: 0, kk: 1 }')), 'UNUSED_NAME landscape.formula.parameters.kk'],
    [
      'a swept parameter',
      sweep('{ landscape.parameters.kk: [1, 2] }', formula('parameters: { k: 0 }')),
      'UNKNOWN_PARAMETER landscape.parameters.kk',
    ],
    [
      'a parameter in zip',
      spec({
        ...formula('parameters: { k: 0 }'),
        rest: 'trials: 9\nzip: { update.eta: [0.1, 0.2], landscape.parameters.kk: [1, 2] }',
      }),
      'UNKNOWN_PARAMETER landscape.parameters.kk',
    ],
    ['a let in points', spec({ rest: 'trials: 9\npoints: [{ update.eta: 0.1, let.T: 1 }]' }), 'UNKNOWN_NAME let.T'],
    [
      'a radius beside a small gradient',
      trial('{ steps: 9, converge: { gradient: 0.1 }, settledRadius: 0.5 }'),
      'UNUSED_NAME trial.settledRadius',
    ],
    [
      'a radius beside a quench',
      trial('{ steps: 9, converge: { when: "x > 0" }, quench: true, settledRadius: 0.5 }'),
      'UNUSED_NAME trial.settledRadius',
    ],
  ])('%s is refused', (_what, text, expected) => {
    expect(found(text)).toEqual([expected])
  })

  test.each([
    ['in a number', spec({ head: 'version: 1\nlet: { T: 1 }', update: 'update: { eta: "= T/10" }' })],
    ['in a condition', spec({ head: 'version: 1\nlet: { T: 1 }', trial: 'trial: { steps: 9, escape: "x > T" }' })],
    ['in a demand', spec({ head: 'version: 1\nlet: { m: 10 }', rest: 'trials: "= 10*m"' })],
    [
      'in a let that is used',
      spec({ head: 'version: 1\nlet: { a: 1, b: "= a/9" }', update: 'update: { eta: "= b" }' }),
    ],
    ['in a range', sweep('{ update.eta: { from: 0.1, to: "= T", count: 3 } }', { head: 'version: 1\nlet: { T: 1 }' })],
    [
      'alone as a score',
      spec({ ...formula('parameters: { k: 0, s: 1 }'), rest: 'trials: 9\nmethod: { splitting: { score: s } }' }),
    ],
    [
      'a parameter in an event',
      spec({ ...formula('parameters: { k: 0, b: 1 }'), trial: 'trial: { steps: 9, escape: "x > b" }' }),
    ],
    ['a radius where it decides', trial('{ steps: 9, converge: { when: "x > 0" }, settledRadius: 0.5 }')],
    ['a radius around a point', trial('{ steps: 9, converge: { within: 1, of: [0] }, settledRadius: 0.5 }')],
  ])('%s is not', (_what, text) => {
    expect(found(text)).toEqual([])
  })

  test('what an option put out of use stays', () => {
    const text = spec({ head: 'version: 1\nlet: { T: 1 }', update: 'update: { eta: "= T/10" }' })
    expect(found(text, { set: [['update.eta', '0.1']] })).toEqual([])
  })
})

test('a large sweep with a mistake in each cell ends at once', () => {
  const started = errorsOf(
    sweep('{ update.eta: { from: 0.1, to: 0.2, count: 1000 }, let.T: { from: 1, to: 2, count: 1000 } }', {
      start: 'start: [1, 2]',
    }),
  )
  expect(started.map(({ code }) => code)).toEqual(['WRONG_DIMENSION', 'UNKNOWN_NAME'])
})
