import { describe, expect, test } from 'vitest'
import { parseSweep, type Slopes, SpecError, type SpecOptions } from '../index.ts'

const documentOf = (landscape: object, change: object = {}) => ({
  version: 1,
  landscape,
  start: { gaussian: { mean: 0, sigma: 1 } },
  update: { eta: 0.1 },
  trial: { steps: 5 },
  trials: 1,
  ...change,
})
const parsed = (landscape: object, change?: object, options: Partial<SpecOptions> = {}) =>
  parseSweep(JSON.stringify(documentOf(landscape, change)), { fileName: 'a.json', ...options })
function reasonOf(document: object): string {
  try {
    parseSweep(JSON.stringify(document), { fileName: 'a.json' })
  } catch (error) {
    if (error instanceof SpecError) return error.errors.map(({ message }) => message).join('\n')
    throw error
  }
  return 'nothing was thrown'
}
const formula = (expression: string, variables: readonly string[], minima: object, rest: object = {}) => ({
  formula: { expression, variables, minima, ...rest },
})
const list = (expression: string, dimension: number, point: readonly number[]) => ({
  formula: { expression, dimension, minima: { a: point } },
})

describe('minima are taken', () => {
  test.each([
    ['with six digits of a paper', { preset: 'mueller-brown', minima: { left: [-0.558224, 1.441726] } }],
    ['with the digits of a descent to 1e-9', list('x[1]^4 + x[2]^2', 2, [6.3e-4, 0])],
    ['along a flat direction', formula('(x*y - 1)^2', ['x', 'y'], { a: [2, 0.5], b: [1.234567, 0.8100005] })],
    ['of a loss that is constant somewhere', formula('relu(x - 1)^2', ['x'], { a: [0] })],
    ['at a kink', formula('abs(x) + y^2', ['x', 'y'], { a: [1e-7, 0] })],
    ['of a stiff valley', list('sum(i, 1, d - 1, 1e4*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)', 6, Array(6).fill(1.000001))],
    [
      'of a mean over samples',
      formula('(w*a - b)^2', ['w'], { fit: [0.5] }, { data: { columns: { a: [2, 2], b: [0.5, 1.5] } } }),
    ],
    ['of 300 coordinates', list('sum(i, 1, d, (x[i]^2 - 1)^2)', 300, Array(300).fill(-1.000001))],
    ['of 10,000 coordinates', list('sum(i, 1, d, x[i]^2*i)', 10_000, Array(10_000).fill(0))],
  ])('%s', (_what, landscape) => {
    expect(parsed(landscape).cellCount).toBe(1)
  })
})

describe('what is none is refused', () => {
  test.each([
    [
      formula('(x^2 - 1)^2/4', ['x'], { a: [-0.999] }),
      'a: [-0.999] is not a minimum: the gradient there has length 0.001997',
    ],
    [
      formula('(x^2 - 1)^2/4 + y^2', ['x', 'y'], { a: [0, 0] }),
      'it is a saddle: the curvature there is -1, and descent from one side ends at [',
    ],
    [formula('1e-6*(x^2 - 1)^2', ['x'], { a: [0.5] }), 'descent from this point ends at [1]'],
    [formula('-x^2', ['x'], { a: [1] }), 'descent from this point runs off to infinity'],
    [formula('log(x)', ['x'], { a: [-1] }), 'not finite there'],
    [list('sum(i, 1, d, (x[i]^2 - 1)^2)', 300, [0.5, ...Array(299).fill(1)]), 'descent from this point ends 0.5'],
    [{ preset: 'banana', minima: { middle: [0, 0] } }, 'it is a saddle'],
    [{ preset: 'banana', minima: { mine: [1, 1] } }, '"mine" and "right" are the same minimum'],
  ])('%j', (landscape, words) => {
    expect(reasonOf(documentOf(landscape))).toContain(words)
  })

  test('a minimum that some cells lose, with one of them', () => {
    // numpy.roots([1, 0, -1, c]): 0.94564927 for c = 0.1, 0.87888507 for 0.2.
    const landscape = formula('(x^2 - 1)^2/4 + c*x', ['x'], { right: [0.9456492739235915] }, { parameters: { c: 0.1 } })
    expect(
      reasonOf(documentOf(landscape, { sweep: { 'landscape.parameters.c': [0.1, 0.2], 'update.eta': [0.1, 0.2] } })),
    ).toMatch(
      /ends at \[0\.878885], in cells with landscape\.parameters\.c = 0\.2; if the minimum moves with a swept value/,
    )
  })

  test('unless somebody looks for the right ones', () => {
    const landscape = formula('(x^2 - 1)^2/4', ['x'], { a: [-0.9] })
    expect(parsed(landscape, {}, { checksMinima: false }).cell(0).cell.trial.minima).toEqual([['a', [-0.9]]])
  })
})

describe('networks', () => {
  const network = (point: readonly number[]) => ({
    network: { layers: [1, 1], data: { inputs: [[1], [2]], targets: [[1], [2]] }, minima: { a: point } },
  })
  /** (w + b - 1)^2/2 + (2 w + b - 2)^2/2, least at w = 1, b = 0. */
  const slopesOf = (): Slopes => ({
    dimension: 2,
    cost: 10,
    loss: ([w, b]) => ((w! + b! - 1) ** 2 + (2 * w! + b! - 2) ** 2) / 2,
    gradient: ([w, b]) => {
      const [one, two] = [w! + b! - 1, 2 * w! + b! - 2]
      return Float64Array.of(one + 2 * two, one + two)
    },
  })

  test('are checked by whoever can compute them', () => {
    expect(parsed(network([1, 0]), {}, { slopesOf }).cellCount).toBe(1)
    expect(() => parsed(network([0.9, 0]), {}, { slopesOf })).toThrow('descent from this point ends at [1, 0]')
    expect(parsed(network([0.9, 0])).cellCount).toBe(1)
  })
})

describe('named points', () => {
  const landscape = {
    ...formula('(x^2 - 1)^2/4', ['x'], { left: [-1], right: [1] }, { points: { ridge: [0] } }),
    points: { far: ['= 2*2'] },
  }
  test('stand for their coordinates, and settle nothing', () => {
    const named = parsed(landscape, {
      start: { point: 'ridge' },
      trial: { steps: 5, escape: { outside: { radius: 1, of: 'far' } }, converge: { within: 0.1, of: 'ridge' } },
    }).cell(0)
    const plain = parsed(formula('(x^2 - 1)^2/4', ['x'], { left: [-1], right: [1] }), {
      start: [0],
      trial: { steps: 5, escape: { outside: { radius: 1, of: [4] } }, converge: { within: 0.1, of: [0] } },
    }).cell(0)
    expect(named.canonical).toBe(plain.canonical)
    expect(named.cell.trial.minima.map(([name]) => name)).toEqual(['left', 'right'])
  })

  test('minima are points too, and `any` is of minima', () => {
    const { cell } = parsed(landscape, {
      start: { point: 'left' },
      trial: { steps: 5, converge: { within: 0.1 } },
    }).cell(0)
    expect(cell.start).toEqual({ kind: 'point', point: [-1] })
    expect(cell.trial.converge).toMatchObject({
      of: [
        ['left', [-1]],
        ['right', [1]],
      ],
    })
  })
})

test('an integer may be written with an exponent', () => {
  const idOf = (trials: string, steps: string) => {
    const text =
      `version: 1\nlandscape: { preset: double-well }\nstart: [-1]\nupdate: { eta: 0.1 }\ntrial: { ` +
      `steps: ${steps} }\ntrials: ${trials}\n`
    const sweep = parseSweep(text, { fileName: 'a.yaml' })
    return [sweep.cell(0).id, sweep.demand.trials]
  }
  expect(idOf('1e4', '1.0e3')).toEqual(idOf('10000', '1000'))
  expect(idOf('10000.0', '1e+3')).toEqual(idOf('10000', '1000'))
})
