import { compiledModule, kernelOf } from '@driftfarm/kernel'
import { type Cell, parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kesten } from './asymptotics/kesten.ts'
import { cellOf } from './cells.fixture.ts'
import { latticeAnswers } from './lattice/latticeAnswers.ts'
import { oracle } from './oracle/oracle.ts'
import { control } from './premises/control.ts'
import { premisesOf } from './premises/premises.ts'
import { withSmallerSteps } from './premises/smallerSteps.ts'
import { barrierTemperature, temperatureOf } from './premises/temperature.ts'
import { theorem } from './theorem/theorem.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const keys = { clip: 0.4, decoupledDecay: 0.9, sam: { rho: 0.2 } } as const
type Key = keyof typeof keys
const names = Object.keys(keys) as Key[]

const well = (update: Readonly<Record<string, unknown>>, trial: Readonly<Record<string, unknown>> = {}): Cell =>
  cellOf('double-well', {
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, ...update },
    trial: { steps: 40, escape: 'x >= 0', ...trial },
  })
const gaussian = { sigma: 1 }

describe.each(names)('%s', (key) => {
  const cell = well({ [key]: keys[key], drift: gaussian })

  it('is refused by the oracle and by Theorem 1, with its name', async () => {
    expect(oracle(cell, [])).toEqual({ reason: `\`${key}\` changes the steps of gradient descent` })
    const { statement, conditions } = await theorem(cell, [])
    expect(statement).toBe('none')
    expect(conditions.at(-1)!.text).toContain(`\`${key}\` changes the steps`)
  })

  it('has no asymptotic formula, no temperature and no equivalent with smaller steps', () => {
    const scaled = well({ [key]: keys[key], drift: { form: 'multiplicative', sigma: 1 } })
    expect(() => kesten(scaled, [])).toThrow(key)
    expect(temperatureOf(cell)).toBeNull()
    expect(barrierTemperature(cell)).toEqual({ unknown: `\`${key}\` changes the steps of the rule` })
    expect(withSmallerSteps(cell, 0.5)).toBeNull()
    expect(withSmallerSteps(well({ drift: gaussian }), 0.5)).not.toBeNull()
  })
})

describe('etaByLayer', () => {
  const landscape = { network: { layers: [1, 1], biases: false, data: { inputs: [[1]], targets: [[0]] } } }
  const line = (update: object) => {
    const spec = { version: 1, landscape, start: [0], update: { eta: 0.1, drift: gaussian, ...update }, trials: 1 }
    const trial = { steps: 40, escape: 'abs(x[1]) >= 0.5' }
    return parseSweep(JSON.stringify({ ...spec, trial }), { fileName: 'line.json' }).cell(0)
  }
  const of = (update: object) => {
    const { cell, tables } = line(update)
    return { cell, tables, answer: oracle(cell, tables) }
  }
  const { cell, tables, answer } = of({ etaByLayer: [0.5] })
  const plain = of({})

  it('is refused by the oracle with its name, and accepted if all factors are 1', () => {
    expect(answer).toEqual({ reason: '`etaByLayer` changes the steps of gradient descent' })
    expect(plain.answer).not.toHaveProperty('reason')
    expect(of({ etaByLayer: [1] }).answer).toEqual(plain.answer)
  })

  it('has no temperature and no equivalent with smaller steps', async () => {
    expect(temperatureOf(cell)).toBeNull()
    expect(temperatureOf(plain.cell)).not.toBeNull()
    expect(withSmallerSteps(cell, 0.5)).toBeNull()
    expect(withSmallerSteps(plain.cell, 0.5)).not.toBeNull()
    expect((await premisesOf(cell, tables)).stability).toBeNull()
    expect((await premisesOf(plain.cell, plain.tables)).stability).not.toBeNull()
  })
})

/** What the premises say, without and with each key. */
it('has premises that know the keys', async () => {
  const premises = (update: object) => premisesOf(well({ drift: { temperature: 0.05 }, ...update }), [])
  const plain = await premises({})
  expect(plain.stability).toMatchObject({ eta: 0.1, limit: 2 })
  expect(plain.temperature!.unlike).toBeUndefined()
  const clipped = await premises({ clip: keys.clip })
  expect(clipped).toMatchObject({ stability: plain.stability, temperature: { unlike: 'clip' }, relaxation: null })
  for (const key of ['decoupledDecay', 'sam'] as const)
    expect(await premises({ [key]: keys[key] })).toMatchObject({ stability: null, temperature: { unlike: key } })
  const warming = await premises({ warmup: 80 })
  expect(warming.stability!.eta).toBeCloseTo((0.1 * 40) / 80, 12)
  expect(warming.temperature!.end).not.toBeNull()
})

it('has a control run of its own for each value', async () => {
  const distance = async (update: object) => {
    const cell = well({ drift: gaussian, ...update }, { steps: 3, classify: { near: 'x < -1.0000001' } })
    const source = { cell: { ...cell, start: { kind: 'point', point: [-1.5] } } as Cell, tables: [], allowance: 1e9 }
    return (await control({ ...source, module: compiledModule }))!.digest
  }
  const digests = [await distance({}), await distance({ clip: 0.1 }), await distance({ clip: 0.2 })]
  expect(new Set([...digests, await distance({ sam: keys.sam })]).size).toBe(4)
})

describe('the lattice oracle computes the steps of the kernel', () => {
  const trials = 40_000
  const updates = {
    none: {},
    ...Object.fromEntries(names.map((key) => [key, { [key]: keys[key] }])),
    warmup: { warmup: 9 },
    all: { ...keys, warmup: 9 },
  } as Readonly<Record<string, object>>
  const cellWith = (update: object) => well({ drift: { law: 'rademacher', sigma: 4 }, ...update }, { steps: 12 })
  const exactOf = (cell: Cell) => {
    const answer = latticeAnswers(cell, [], [12]).answers.find(({ name }) => name === 'escape')!
    return answer.value
  }

  /** Each test fails by chance with probability 6e-5: the frequency is 4 standard deviations from its mean. */
  it.each(Object.keys(updates).filter((_, at) => full || at % 2 === 0))('%s', async (name) => {
    const cell = cellWith(updates[name]!)
    const exact = exactOf(cell)
    const { tally } = (await kernelOf(cell)).run(0, trials, { keep: false, horizons: [] })
    const deviation = Math.sqrt((exact * (1 - exact)) / trials)
    expect(Math.abs(tally.escaped / trials - exact)).toBeLessThan(4 * deviation)
    // The keys matter: without them the answer is many standard deviations away.
    if (name !== 'none') expect(Math.abs(exactOf(cellWith({})) - exact)).toBeGreaterThan(8 * deviation)
  })
})
