import { parseSweep, settingsOf } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import {
  fixedSettings,
  lawPath,
  type NamesakeParts,
  namesakeSettings,
  namesakesText,
  settingsText,
} from './sweepList.ts'

const base = {
  version: 1,
  name: 'wells',
  seed: 1,
  landscape: { preset: 'tilted-double-well', parameters: { c: 0.1 } },
  start: [-1],
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: { steps: 200, escape: 'x >= 0' },
  sweep: { 'update.drift.sigma': [0.8, 1.2] },
  trials: 10,
}

/** As the database returns it; the first is the newest. */
function namesakes(...specs: readonly Record<string, unknown>[]): NamesakeParts[] {
  return specs.map((change, at) => {
    const sweep = parseSweep(JSON.stringify({ ...base, ...change }), { fileName: 'wells.json' })
    const { params, canonical } = sweep.cell(0)
    const { axes, cellCount: cells } = sweep
    const id = `${at}a2b3c4d5`
    return { id, name: 'wells', newest: at === 0, cells, axes, params, canonical, sharing: specs.length }
  })
}
const update = (change: Record<string, unknown>) => ({ update: { ...base.update, ...change } })
const told = (sweeps: readonly NamesakeParts[]) => [...namesakeSettings(sweeps).values()].map(settingsText)

test('settings that are not swept and differ are named as in the spec', () => {
  const sweeps = namesakes({}, update({ eta: 0.05 }))
  expect(namesakeSettings(sweeps).get('1a2b3c4d5')).toEqual([{ path: 'update.eta', value: '0.05' }])
  expect(namesakesText('0a2b3c4d5', sweeps)).toBe(
    '2 sweeps are named wells, and this is the newest (eta 0.1; the other, 1a2b3c, has eta 0.05)',
  )
  expect(namesakesText('1a2b3c4d5', sweeps)).toBe(
    '2 sweeps are named wells, and this is not the newest (eta 0.05; the newest, 0a2b3c, has eta 0.1)',
  )
  expect(namesakesText('elsewhere', sweeps)).toBeNull()
})

const changes: readonly (readonly [what: string, change: Record<string, unknown>, own: string, other: string])[] = [
  ['a rule, its setting apart', update({ rule: 'momentum', beta: 0.5 }), 'rule gradient', 'rule momentum, beta 0.5'],
  [
    'a schedule',
    update({ eta: { exponential: { initial: 1, rate: 0.9 } } }),
    'eta 0.1',
    'eta exponential, initial 1, rate 0.9',
  ],
  ['a parameter', { landscape: { preset: 'tilted-double-well', parameters: { c: 0.2 } } }, 'c 0.1', 'c 0.2'],
  ['the start', { start: [-0.5] }, 'start [-1]', 'start [-0.5]'],
  ['the event', { trial: { steps: 200, escape: 'x >= 0.5' } }, 'escape x >= 0', 'escape x >= 0.5'],
  [
    'no drift',
    { ...update({ drift: 'none' }), sweep: {} },
    'form additive, law gaussian, sigma swept from 0.8',
    'drift none, 1 cell',
  ],
  ['the seed', { seed: 2 }, 'seed 1', 'seed 2'],
  [
    'where an axis begins',
    { sweep: { 'update.drift.sigma': [0.9, 1.2] } },
    'sigma swept from 0.8',
    'sigma swept from 0.9',
  ],
  [
    'an axis more',
    { sweep: { 'update.drift.sigma': [0.8, 1.2], seed: [1, 2] } },
    'seed 1, 2 cells',
    'seed swept from 1, 4 cells',
  ],
  ['more values', { sweep: { 'update.drift.sigma': [0.8, 1.2, 2] } }, '2 cells', '3 cells'],
]
test.each(changes)('%s', (_, change, own, other) => {
  const [first = '', second = ''] = told(namesakes({}, change))
  expect(first).toContain(own)
  expect(second).toContain(other)
})

test('a list of sweeps shows fixed settings, words before numbers: a law before eta, no seed and no axis', () => {
  const sweeps = namesakes({}, { ...update({ eta: 0.05, drift: { ...base.update.drift, law: 'laplace' } }), seed: 2 })
  const shown = [...namesakeSettings(sweeps).values()].map((settings) => settingsText(fixedSettings(settings)))
  expect(shown).toEqual(['law gaussian, eta 0.1', 'law laplace, eta 0.05'])
})

test('the law of the noise is shown even for the only sweep with a landscape', () => {
  const settings = namesakeSettings(namesakes(update({ drift: { ...base.update.drift, law: 'laplace' } })), lawPath)
  expect(settingsText(fixedSettings(settings.get('0a2b3c4d5')!))).toBe('law laplace')
  // The law of a start is none of the noise.
  expect(['update.drift.law', 'start.from.law'].map((path) => lawPath.test(path))).toEqual([true, false])
})

test('if the first cells are the same, the sweeps still differ', () => {
  const sweeps = namesakes({}, { sweep: { 'update.drift.sigma': [0.8, 1.3] } })
  expect(namesakesText('0a2b3c4d5', sweeps)).toContain('(the other, 1a2b3c, has other cells)')
})

test('of many sweeps, the newest few are listed', () => {
  const etas = [0.1, 0.2, 0.3, 0.4, 0.5].map((eta) => update({ eta }))
  const sweeps = namesakes(...etas).map((sweep) => ({ ...sweep, sharing: 9 }))
  expect(namesakesText('0a2b3c4d5', sweeps)).toBe(
    '9 sweeps are named wells, and this is the newest (eta 0.1; 1a2b3c has eta 0.2; 2a2b3c has eta 0.3; 3a2b3c has ' +
      'eta 0.4; 5 more: run `driftfarm list`)',
  )
})

test('every setting of a cell is a line of text under a path', () => {
  const trial = {
    steps: 200,
    escape: { right: 'x >= 0', far: 'x <= -3' },
    converge: { within: 0.1, of: 'left', hold: 3 },
    marks: { up: 'x >= -0.5' },
    quench: true,
  }
  const drift = [
    { form: 'additive', law: { student: { nu: 3 } }, step: 0.1, every: 2 },
    { form: 'flip', q: 0.1 },
  ]
  const cell = parseSweep(JSON.stringify({ ...base, trial, sweep: {}, ...update({ drift }) }), { fileName: 'x' }).cell(
    0,
  )
  const settings = settingsOf(JSON.parse(cell.canonical))
  expect(Object.fromEntries(settings)).toMatchObject({
    'update.rule': 'gradient',
    'update.drift.0.step': '0.1',
    'update.drift.0.law': 'student',
    'update.drift.0.law.nu': '3',
    'update.drift.1.q': '0.1',
    'trial.escape.far': 'x <= -3',
    'trial.marks.up': 'x >= -0.5',
    'landscape.parameters.c': '0.1',
    start: '[-1]',
  })
  for (const text of settings.values()) expect(text).not.toMatch(/object|undefined|\n/)
})
