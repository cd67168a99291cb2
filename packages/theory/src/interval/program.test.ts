import { evaluate, expand, parse, simplify } from '@driftfarm/formula'
import { describe, expect, it } from 'vitest'
import { leastOver } from './box.ts'
import { eigenvalueBounds, type Interval } from './interval.ts'
import { program } from './program.ts'

const places = {
  names: new Map([
    ['x', 0],
    ['y', 1],
  ]),
  first: null,
}
const of = (text: string) => program([simplify(expand(parse(text)))], places)

/** Weyl's sequence: points that fill boxes evenly. */
const weyl = (k: number, step: number) => (k * step) % 1

const expressions = [
  'x + y*x - 3/(y + 5)',
  '(x^2 - 1)^2/4 + (y - x^2)^2/2',
  'x^3 - y^5 + x^-2*y',
  'exp(x) + log(y + 4) + sqrt(x + 3)',
  'sin(3*x) + cos(5*y) + tan(x/4)',
  'sinh(x) - cosh(y) + tanh(x*y)',
  'atan(x) + acos(y/4) + erf(x) + sigmoid(y) + softplus(x*3)',
  'abs(x) + relu(y - 0.5) + min(x, y) - max(x*y, 0.1)',
  '(y + 4)^(x/2) + 2^y',
  'sum(i, 1, 3, sin(i*x + y)) * prod(i, 1, 2, x + i)',
]

describe('an interval holds every value', () => {
  it.each(expressions)('%s', (text) => {
    const expression = parse(text)
    const range = of(text)
    let tight = 0
    for (let k = 1; k <= 60; k++) {
      const width = 2 ** -(k % 12)
      const sides = [weyl(k, 0.618033988749895), weyl(k, 0.7548776662466927)].map((u) => -2 + 4 * u)
      const box = sides.map((low) => [low, low + width] as Interval)
      const [[low, high]] = range(box).values as [Interval]
      for (let j = 1; j <= 25; j++) {
        const at = box.map(([from], i) => from + width * weyl(j, i === 0 ? 0.618033988749895 : 0.7548776662466927))
        const value = evaluate(expression, (word) => (word === 'x' ? at[0]! : at[1]!))
        if (Number.isNaN(value)) continue
        expect(value).toBeGreaterThanOrEqual(low)
        expect(value).toBeLessThanOrEqual(high)
      }
      if (high - low < 200 * width) tight += 1
    }
    // The whole line would hold them as well.
    expect(tight).toBeGreaterThan(30)
  })
})

it('is wider than one rounding even on a point', () => {
  const [[low, high]] = of('x/3 + y')([
    [0.1, 0.1],
    [0.2, 0.2],
  ]).values as [Interval]
  expect(low).toBeLessThan(0.1 / 3 + 0.2)
  expect(high).toBeGreaterThan(0.1 / 3 + 0.2)
  expect(high - low).toBeLessThan(1e-15)
})

it.each([
  ['abs(x)', [-1, 1], false],
  ['abs(x)', [0.5, 1], true],
  ['max(x, 0.3)', [0, 1], false],
  ['relu(x)', [-2, -1], true],
  ['sqrt(x)', [0, 1], false],
  ['x^2', [-1, 1], true],
] as const)('%s on %j is smooth: %s', (text, side, smooth) => {
  expect(of(text)([side, [0, 0]]).smooth).toBe(smooth)
})

it('decides conditions, or says that it cannot', () => {
  const condition = of('x >= 0 && !(y < 1)')
  expect(
    condition([
      [-2, -1],
      [0, 5],
    ]).values,
  ).toEqual([[0, 0]])
  expect(
    condition([
      [1, 2],
      [1, 5],
    ]).values,
  ).toEqual([[1, 1]])
  expect(
    condition([
      [-1, 2],
      [1, 5],
    ]).values,
  ).toEqual([[0, 1]])
})

it('bounds the eigenvalues of every matrix within', () => {
  const entries: Interval[] = [
    [1.9, 2.1],
    [0.4, 0.6],
    [0.4, 0.6],
    [0.9, 1.3],
  ]
  const [low, high] = eigenvalueBounds(entries, 2)
  for (let k = 1; k <= 200; k++) {
    const [a, b, c] = [0.618033988749895, 0.7548776662466927, 0.5698402909980532].map((step) => weyl(k, step))
    const [p, q, r] = [1.9 + 0.2 * a!, 0.4 + 0.2 * b!, 0.9 + 0.4 * c!]
    const half = Math.sqrt(((p - r) / 2) ** 2 + q * q)
    expect((p + r) / 2 - half).toBeGreaterThanOrEqual(low)
    expect((p + r) / 2 + half).toBeLessThanOrEqual(high)
  }
  expect(low).toBeGreaterThan(0.4)
  expect(
    eigenvalueBounds(
      [
        [3, 3],
        [0, 0],
        [0, 0],
        [1, 1],
      ],
      2,
    ),
  ).toEqual([1, 3])
})

it('finds the least value over a disc, from below', () => {
  // x + 2 y over the unit disc: -sqrt 5.
  const range = of('x + 2*y')
  const found = leastOver(
    { center: [0, 0], radius: 1 },
    (box) => range(box).values[0]![0],
    (at) => at[0]! + 2 * at[1]!,
    { boxes: 4000, tolerance: 1e-4, scale: 1 },
  )
  expect(found.bound).toBeLessThanOrEqual(-Math.sqrt(5))
  expect(found.attained).toBeGreaterThanOrEqual(-Math.sqrt(5) - 1e-12)
  expect(found.attained - found.bound).toBeLessThan(3e-4)
})
