import { expect, test } from 'vitest'
import { cellOf, formula } from '../agreement/cells.fixture.ts'
import { landscapeFunction } from '../scalar/landscapeFunction.ts'
import { traceReference } from '../scalar/run.ts'
import { descendAll } from './descend.ts'

const cell = cellOf({
  landscape: formula(['x', 'y'], '(x^2 - 1)^2/4 + (y - x^2)^2/2 - 0.001*x^6'),
  start: { kind: 'gaussian', mean: 0, sigma: 2.5 },
  trial: { steps: 3, divergence: 1e4 },
})
const descent = { eta: 0.05, gradient: 1e-4, steps: 400 }

test('descent i is plain descent from where trial i begins, bit for bit', async () => {
  const run = await descendAll(cell, [], descent)
  const { ends, theta } = run(5, 200)
  const landscape = landscapeFunction(cell, [])
  expect(landscape.dimension).toBe(2)
  const gradient = new Float64Array(2)
  ends.forEach((end, i) => {
    const here = new Float64Array(2)
    traceReference(cell, 5 + i, ({ n, theta: at }) => void (n === 0 && here.set(at)))
    let expected = 'undecided'
    for (let n = 0; n < descent.steps && expected === 'undecided'; n++) {
      landscape.gradient(here, gradient)
      for (let k = 0; k < 2; k++) here[k]! -= descent.eta * gradient[k]!
      landscape.gradient(here, gradient)
      const square = gradient[0]! * gradient[0]! + gradient[1]! * gradient[1]!
      if (here.some((x) => !(Math.abs(x) <= 1e4))) expected = 'diverged'
      else if (square <= descent.gradient * descent.gradient) expected = 'converged'
    }
    expect(end).toBe(expected)
    if (here.every(Number.isFinite)) expect(theta.slice(2 * i, 2 * i + 2)).toEqual(here)
  })
  expect(new Set(ends)).toEqual(new Set(['converged', 'diverged', 'undecided']))
  expect(run(100, 7).theta).toEqual(theta.slice(2 * 95, 2 * 102))
})
