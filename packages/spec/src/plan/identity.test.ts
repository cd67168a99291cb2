import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headerOf, npyBytes } from '../files/npy.fixture.ts'
import { canonicalJson, cellId } from '../index.ts'
import { type FileContents, plan } from './plan.fixture.ts'

const names = { table: 't.csv', theta: 'theta.npy' }
type Names = typeof names

const filesOf = ({ table, theta }: Names): FileContents => ({
  [table]: 'a,b,kind\n0.5,1,up\n-1,0.25,down\n2,3,up\n',
  [theta]: npyBytes([0.5, 1, -2, 0, 0.25, 1, 1, 0, -1, 3, 0.5, 2, 1, 1, 0, 0, 1], headerOf('(17,)')),
})

/** Documents that hold every new thing between them. */
const documentsOf = ({ table, theta }: Names): readonly object[] => [
  {
    landscape: {
      network: {
        layers: [2, 3, 2],
        activation: 'relu',
        output: 'softmax',
        loss: 'cross-entropy',
        decay: 0.001,
        data: { csv: table, inputs: ['a', 'b'], targets: ['kind'] },
        batch: 2,
        sampling: 'shuffle',
      },
    },
    start: { file: theta },
    update: {
      rule: 'adam',
      beta1: 0.8,
      eta: { exponential: { initial: 0.1, rate: 0.5 } },
      drift: [
        { form: 'anisotropic', sigma: 0.5, covariance: { at: 'current', power: 0.25, trace: 2 } },
        { law: { stable: { alpha: 1.5 } }, isotropic: true, step: 0.25, when: 'loss > 0.5', every: 10 },
        {
          form: 'flip',
          q: {
            piecewise: [
              [0, 0.5],
              [10, 0.25],
            ],
          },
        },
      ],
    },
    trial: { warmup: 5, steps: 100, quench: { eta: 0.5, steps: 1000 }, escape: { basin: true, every: 10 } },
  },
  {
    landscape: {
      formula: {
        variables: ['u', 'v'],
        expression: 'c*(u*a + v - b)^2',
        parameters: { c: 0.5 },
        data: { columns: { b: [1, 0.25, 3], a: [0.5, -1, 2] } },
        batch: 1,
      },
    },
    start: { descend: { from: { uniform: { low: [-1, -2], high: 1 } }, gradient: 0.001, eta: 0.25, steps: 500 } },
    update: {
      eta: 0.1,
      custom: { state: { w: 0.5, m: 2 }, step: { w: 'w - g', m: '0.9*m + g^2', theta: 'theta - eta*w/sqrt(m)' } },
      drift: {
        form: 'anisotropic',
        sigma: 0.5,
        S: [
          [1, 0.5],
          [0.25, 2],
        ],
        law: 'student',
        nu: 3,
      },
    },
    trial: { steps: 100 },
  },
  {
    landscape: { network: { population: 'relu', neurons: 3, teachers: 2, dimension: 4 } },
    start: { gaussian: { mean: 0, sigma: 0.5 } },
    update: { rule: 'nesterov', beta: 0.5, eta: 0.1, drift: { form: 'rotation', sigma: 0.5, law: 'laplace' } },
    trial: { steps: 100 },
  },
]

/** The same value with the keys of every mapping in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((inner) => shuffled(inner, random))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => ({ key, inner: shuffled(inner, random), at: random() }))
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ key, inner }) => [key, inner]))
}

/** The same value with its numbers written in other ways. */
function respelt(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((inner) => respelt(inner, random))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, respelt(inner, random)]))
  }
  if (typeof value !== 'number') return value
  const ways = [
    value,
    `= ${value}`,
    `=${value.toExponential()}`,
    `= ${value}/2 + (${value})/2`,
    `= ${2 * value} - k*(${value})`,
  ]
  return ways[Math.floor(random() * ways.length)]
}

const canonicalOf = (document: object, files: FileContents) =>
  plan({ ...(/\bk\b/.test(JSON.stringify(document)) && { let: { k: 1 } }), ...document }, files).cell(0).canonical

const random = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
const fileName = fc.stringMatching(/^[a-z]{1,8}$/)

describe.each(documentsOf(names).map((document, i) => ({ document, i })))('cell $i', ({ document, i }) => {
  const expected = canonicalOf(document, filesOf(names))

  test('is the canonical text of itself, and names no file', () => {
    const { cell, canonical, id } = plan(document, filesOf(names)).cell(0)
    expect(canonicalJson(cell)).toBe(canonical)
    expect(cellId(cell)).toBe(id)
    expect(canonical).not.toMatch(/csv|npy/)
  })

  test('has bytes that depend on no order of keys, no file name and no spelling of a number', () => {
    fc.assert(
      fc.property(random, fileName, fileName, (stream, table, theta) => {
        const next = () => stream.next().value!
        const others = { table: `${table}.csv`, theta: `${theta}.npy` }
        const other = shuffled(respelt(documentsOf(others)[i]!, next), next) as object
        expect(canonicalOf(other, filesOf(others))).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })
})

test('a value of a file changes the bytes', () => {
  const [document] = documentsOf(names) as [object]
  const files = filesOf(names)
  const other = { ...files, [names.table]: String(files[names.table]).replace('0.25', '0.26') }
  expect(canonicalOf(document, other)).not.toBe(canonicalOf(document, files))
})
