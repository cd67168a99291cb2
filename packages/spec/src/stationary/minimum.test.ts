import { describe, expect, test } from 'vitest'
import { parseSweep } from '../parseSweep.ts'

const documentOf = (landscape: object, trial: object) => ({
  version: 1,
  landscape,
  start: { gaussian: { mean: 0, sigma: 1 } },
  update: { eta: 0.1 },
  trial: { steps: 5, ...trial },
  trials: 1,
})
const cellOf = (landscape: object, trial: object = { quench: true }) =>
  parseSweep(JSON.stringify(documentOf(landscape, trial)), { fileName: 'a.json' }).cell(0)
const minimaOf = (landscape: object, trial?: object) =>
  cellOf(landscape, trial).cell.trial.minima.map(([, point]) => point)
const formula = (expression: string, variables: readonly string[], minima: object, rest: object = {}) => ({
  formula: { expression, variables, minima, ...rest },
})

const tilted = (left: number) => formula('(x^2 - 1)^2/4 + 0.1*x', ['x'], { left: [left], right: [0.9456492739235914] })
const exact = -1.046680531804602

describe('a named minimum that ends of descents are compared with has all its digits', () => {
  test.each([-1.0466, -1.04667, -1.04668, -1.046681])('%f becomes the root of the gradient', (written) => {
    const [[found] = []] = minimaOf(tilted(written))
    expect(Math.abs(found! - exact)).toBeLessThan(1e-15)
  })

  test('however many were written, it is one cell', () => {
    expect(cellOf(tilted(-1.0466)).id).toBe(cellOf(tilted(-1.04668)).id)
  })

  test('in a curved valley, and where the loss is stiff', () => {
    const [point = []] = minimaOf(formula('(1 - x)^2 + 1e4*(y - x^2)^2', ['x', 'y'], { a: [1.00001, 1.00002] }))
    for (const x of point) expect(Math.abs(x - 1)).toBeLessThan(1e-12)
  })

  test('along a flat direction it goes no farther than to the valley', () => {
    const [[x, y] = []] = minimaOf(formula('(x*y - 1)^2', ['x', 'y'], { a: [1.23457, 0.81] }))
    expect(Math.abs(x! * y! - 1)).toBeLessThan(1e-8)
    expect(Math.hypot(x! - 1.23457, y! - 0.81)).toBeLessThan(2e-6)
  })

  test('where a Hessian is too large, by a descent', () => {
    const landscape = {
      formula: { expression: 'sum(i, 1, d, (x[i]^2 - 1)^2)', dimension: 300, minima: { a: Array(300).fill(-1.00001) } },
    }
    for (const x of minimaOf(landscape)[0]!) expect(Math.abs(x + 1)).toBeLessThan(1e-8)
  })

  test('of a mean over samples', () => {
    const data = { columns: { a: [2, 2], b: [0.5, 1.7] } }
    const [[w] = []] = minimaOf(formula('(w*a - b)^2', ['w'], { fit: [0.55002] }, { data }))
    expect(w).toBeCloseTo(0.55, 14)
  })

  test('where a small gradient ends the trial', () => {
    const [[found] = []] = minimaOf(tilted(-1.0466), { converge: { gradient: 1e-8 } })
    expect(Math.abs(found! - exact)).toBeLessThan(1e-15)
  })
})

describe('it stays as it was written', () => {
  test.each<[string, object, object, number]>([
    ['with all digits', tilted(exact), { quench: true }, exact],
    ['with as many as losses tell apart', tilted(-1.0466805), { quench: true }, -1.0466805],
    ['where descents end at a larger gradient', tilted(-1.0466), { quench: { gradient: 1e-3 } }, -1.0466],
    ['where no ends are compared', tilted(-1.0466), { converge: { within: 0.1 } }, -1.0466],
    ['where only basins are', tilted(-1.0466), { escape: { basin: true } }, -1.0466],
    ['at a kink', formula('abs(x) + x^2', ['x'], { a: [0] }), { quench: true }, 0],
    ['where the loss is flat', formula('relu(x - 1)^2', ['x'], { a: [0.5] }), { quench: true }, 0.5],
  ])('%s', (_what, landscape, trial, written) => {
    expect(minimaOf(landscape, trial)[0]).toEqual([written])
  })

  test('in a preset, whose minima have all their digits', () => {
    const plain = { preset: 'mueller-brown' }
    expect(minimaOf(plain)).toEqual(minimaOf(plain, { converge: { within: 0.1 } }))
  })
})
