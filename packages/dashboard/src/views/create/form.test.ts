import { lawNames, parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { changedSpec } from '../../compute/changeSpec.ts'
import { firstSpec } from '../../compute/draft.ts'
import { presets } from '../../compute/playSpec.ts'
import { examples } from './examples.ts'
import {
  changesOfLandscape,
  changesOfLaw,
  changesOfMethod,
  differences,
  formOf,
  keptFormula,
  keptMethod,
  listOf,
  methodOf,
  ownFormula,
  rangeAround,
  settingOf,
  valueAt,
} from './form.ts'

const sweepOf = (text: string) => parseSweep(text, { fileName: 'spec' })

describe('the questions and the text', () => {
  test('the first spec is read completely', () => {
    const form = formOf(firstSpec)!
    expect(form.preset).toBe('double-well')
    expect(form.axes).toEqual([
      { path: 'update.eta', values: [0.05, 0.1, 0.2] },
      { path: 'update.drift.sigma', values: { from: 0.5, to: 2, count: 7 } },
    ])
    expect(form.free).toEqual(['trial.steps'])
  })

  // The null experiment: answers that repeat what the text says change nothing.
  test('answers that change nothing leave the text as it is', () => {
    const { document } = formOf(firstSpec)!
    const changes = ['update.eta', 'update.drift.sigma', 'trial.steps', 'trials', 'seed'].map((path) => ({
      path,
      value: settingOf(String(valueAt(document, path))),
    }))
    expect(changedSpec(firstSpec, changes)).toBe(firstSpec)
  })

  test.each(presets.map(({ name }) => name))('%s becomes a spec that is valid, with both axes', (name) => {
    const text = changedSpec(firstSpec, changesOfLandscape(formOf(firstSpec)!, name))
    expect(sweepOf(text).cellCount).toBe(25)
    expect(formOf(text)?.preset).toBe(name)
  })

  test.each(lawNames)('noise of the distribution %s is valid, and one can return', (name) => {
    const text = changedSpec(firstSpec, changesOfLaw(name))
    expect(sweepOf(text).cellCount).toBe(21)
    expect(changedSpec(text, changesOfLaw('gaussian'))).toBe(changedSpec(firstSpec, changesOfLaw('gaussian')))
  })

  test("a formula of one's own is valid, and its coordinates can be changed", () => {
    const text = changedSpec(firstSpec, changesOfLandscape(formOf(firstSpec)!, ownFormula))
    expect(sweepOf(text).cellCount).toBe(21)
    expect(formOf(text)?.preset).toBe(ownFormula)
    const plane = changedSpec(text, [
      { path: 'landscape.formula.variables', value: listOf('x, y') },
      { path: 'start', value: listOf('-1, 0') },
      { path: 'landscape.formula.expression', value: '(x^2 - 1)^2/4 + y^2' },
    ])
    expect(sweepOf(plane).cell(0).cell.landscape.dimension).toBe(2)
    // Another landscape replaces it; chosen again, it returns with its start and event.
    const other = changedSpec(plane, changesOfLandscape(formOf(plane)!, 'himmelblau'))
    const again = [...changesOfLandscape(formOf(other)!, ownFormula), ...keptFormula(formOf(plane)!)]
    const { landscape, start } = formOf(plane)!.document
    const trial = { escape: 'x >= 0' }
    expect(formOf(changedSpec(other, again))!.document).toMatchObject({ landscape, start, trial })
  })

  describe('another landscape', () => {
    const chosen = (text: string, name: string) => changedSpec(text, changesOfLandscape(formOf(text)!, name))
    const typed = changedSpec(firstSpec, [
      { path: 'update.drift.sigma', value: 0.7 },
      { path: 'trial.escape', value: 'x >= 0.5' },
      { path: 'sweep.update.eta', value: [0.01, 0.02] },
    ])
    const settingsOf = (text: string) => {
      const { landscape, start, ...rest } = formOf(text)!.document
      return rest
    }

    test('keeps what the reader typed, and replaces what the form proposed', () => {
      const { document } = formOf(chosen(typed, 'banana'))!
      expect(document).toMatchObject({
        start: { minimum: 'left' },
        update: { eta: 0.1, drift: { sigma: 0.7 } },
        trial: { steps: 200, escape: 'x >= 0.5' },
        sweep: { 'update.eta': [0.01, 0.02], 'update.drift.sigma': rangeAround('update.drift.sigma', 1) },
      })
    })

    test('as a formula keeps everything else; proposals are replaced again afterwards', () => {
      expect(settingsOf(chosen(typed, ownFormula))).toEqual(settingsOf(typed))
      const [first, second] = ['rosenbrock', 'himmelblau'].map((name) => chosen(firstSpec, name))
      expect(chosen(chosen(first!, ownFormula), 'himmelblau')).toBe(second)
      expect(formOf(chosen(first!, ownFormula))?.document).toMatchObject({ start: [-1], trial: { escape: 'x >= 0' } })
    })

    test('does not add noise beside a scale of another kind', () => {
      const heated = firstSpec.replace('{ sigma: 1 }', '{ temperature: 1 }')
      expect(chosen(heated, 'banana')).toContain('drift: { temperature: 1 }')
    })

    test('completes a text that has only a beginning', () => {
      expect(sweepOf(`${chosen('version: 1\nname: a\n', 'banana')}trials: 10\n`).cellCount).toBe(1)
    })
  })

  test('a method that is chosen again has its settings, and trials stay', () => {
    const { text } = examples.find(({ name }) => name === 'rare-escape')!
    const walked = ['splitting', 'direct', 'both'].reduce(
      ({ text, kept }, kind) => {
        const form = formOf(text)!
        const next = keptMethod(kept, form)
        return { text: changedSpec(text, changesOfMethod(form, kind, {}, next)), kept: next }
      },
      { text, kept: {} },
    )
    expect(formOf(walked.text)?.document).toEqual(formOf(text)?.document)
    const until = firstSpec.replace('trials: 10000', 'until: { estimate: escape, relative: 0.1 }')
    const kept = keptMethod({}, formOf(until)!)
    const split = changedSpec(until, changesOfMethod(formOf(until)!, 'splitting', {}, kept))
    const back = changedSpec(split, changesOfMethod(formOf(split)!, 'direct', {}, keptMethod(kept, formOf(split)!)))
    expect(formOf(back)?.document).toEqual(formOf(until)?.document)
  })

  test('splitting replaces trials by replicas, and direct trials come back', () => {
    const chosen = (text: string, kind: string, settings = {}) =>
      changedSpec(text, changesOfMethod(formOf(text)!, kind, settings))
    const split = chosen(firstSpec, 'splitting')
    expect(sweepOf(split).demand.trials).toBe(64)
    expect(methodOf(formOf(split)!.document)).toMatchObject({ kind: 'splitting', replicas: 64, particles: 1000 })
    const both = chosen(chosen(split, 'splitting', { particles: 500 }), 'both')
    expect(sweepOf(both).demand).toMatchObject({ trials: 10_000, replicas: 64 })
    expect(both).toContain('particles: 500')
    expect(chosen(both, 'direct')).toBe(firstSpec)
    // Written as a word, the method takes its replicas from `trials`.
    const word = `${firstSpec}method: splitting\n`
    expect(methodOf(formOf(word)!.document)).toMatchObject({ kind: 'splitting', replicas: 10_000 })
    expect(sweepOf(chosen(word, 'splitting', { replicas: 32 })).demand.trials).toBe(32)
    expect(methodOf(formOf(`${firstSpec}method: { tilt: { shift: 1 } }\n`)!.document).kind).toBeNull()
  })

  test('a new axis has sensible values', () => {
    expect(rangeAround('update.eta', 0.1)).toEqual({ from: 0.05, to: 0.2, count: 5, scale: 'log' })
    expect(rangeAround('trial.steps', 200)).toEqual({ from: 100, to: 300, count: 3 })
    expect(rangeAround('landscape.parameters.c', 0)).toEqual({ from: 0, to: 1, count: 5 })
    const steps = changedSpec(firstSpec, [{ path: 'sweep.trial.steps', value: rangeAround('trial.steps', 200) }])
    expect(sweepOf(steps).cellCount).toBe(63)
  })

  test('every example can be read, and what the form cannot show stays in the text', () => {
    expect(examples.length).toBeGreaterThan(20)
    for (const { name, text } of examples) expect(formOf(text), name).not.toBeNull()
    expect(examples.find(({ name }) => name === 'minibatch-csv')?.files.size).toBe(1)
  })

  test.each(['', 'a: [', '- 1', '3', ': :', 'a: *b'])('%j cannot be read', (text) => {
    expect(formOf(text)).toBeNull()
  })

  test.each([
    ['0.5', 0.5],
    ['1e-3', 0.001],
    ['= 2*a', '= 2*a'],
    ['', undefined],
    ['0.1.2', undefined],
    ['Infinity', undefined],
  ])('%j in a field is %j', (typed, value) => {
    expect(settingOf(typed)).toEqual(value)
  })
})

test('differences name each setting once', () => {
  const changed = changedSpec(firstSpec, [
    { path: 'name', value: 'my-first-2' },
    { path: 'sweep.update.eta', value: undefined },
    { path: 'streams', value: 'common' },
  ])
  expect(differences(firstSpec, firstSpec)).toEqual([])
  expect(differences(firstSpec, changed)).toEqual([
    ['name', 'my-first', 'my-first-2'],
    ['sweep.update.eta', '[0.05,0.1,0.2]', null],
    ['streams', null, 'common'],
  ])
})
