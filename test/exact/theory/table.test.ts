import { readFileSync } from 'node:fs'
import { documents } from '@driftfarm/report'
import { describe, expect, it, test } from 'vitest'
import { units } from '../../../packages/theory/src/asymptotics/asymptotic.ts'
import { answered, type Case } from './answered.ts'
import { isAt, type Leaves, leavesOf, placesOf } from './numbers.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// Every number that theory prints, beside a value by another program. generate.py says what a row is and makes them.

type Row = readonly [path: string, value: number, tolerance: number, more?: More]
interface More {
  readonly most?: true
  readonly least?: true
  readonly chosen?: true
  readonly unit?: string
}
const { cases } = JSON.parse(readFileSync(new URL('./table.json', import.meta.url), 'utf8')) as {
  cases: readonly (Case & { readonly rows: readonly Row[] })[]
}
const paths = cases.flatMap(({ rows }) => rows.map(([path]) => path))

/** The places of numbers that are not theory, and why. */
const others: Readonly<Record<string, string>> = {
  index: 'the number of the cell',
  'measured.*': 'counted in trials',
  'answers.*.error': 'how sure the value beside it is; tested with it',
}
const isOther = (path: string) => Object.keys(others).some((place) => isAt(path, place))

/** What is wrong with a printed number; null if nothing is. */
function trouble(printed: Leaves, [path, value, tolerance, more = {}]: Row): string | null {
  const number = printed.get(path)
  if (typeof number !== 'number') return `${path} is not printed, and is ${value}`
  const unit = printed.get(path.replace(/value$/, 'unit'))
  if (more.unit !== undefined && unit !== more.unit) return `${path} has the unit ${unit}, not ${more.unit}`
  if (more.chosen === true) return null
  const off = value === 0 ? number : (number - value) / Math.abs(value)
  const low = more.most === true ? -1e-9 : -tolerance
  const high = more.least === true ? 1e-9 : tolerance
  if (!(off >= low && off <= high)) return `${path} is ${number}, not ${value}: off by ${off}`
  const error = Number(printed.get(path.replace(/value$/, 'error')))
  return path.startsWith('answers.') && error > tolerance ? `${path} has the error ${error}` : null
}

describe.each(cases.map((one) => [`${one.command}: ${one.about}`, one] as const))('%s', (_, one) => {
  let printed: Leaves = new Map()
  if (full)
    it('prints the numbers of the table', async () => {
      printed = leavesOf(await answered(one))
      expect(one.rows.flatMap((row) => trouble(printed, row) ?? [])).toEqual([])
    })

  it('prints no number that the table lacks', () => {
    const known = new Set(one.rows.map(([path]) => path))
    const numbers = [...printed].flatMap(([path, value]) => (typeof value === 'number' ? [path] : []))
    expect(numbers.filter((path) => !known.has(path) && !isOther(path))).toEqual([])
  })
})

describe('the table is complete', () => {
  it.each([
    ['Oracle', documents.Oracle],
    ['Theorem', documents.Theorem],
    ['Minima', documents.Minima],
  ] as const)('every number of the document %s has a row, or is no theory', (_, document) => {
    const places = [...placesOf(document)].filter((place) => !isOther(place))
    expect(places.filter((place) => !paths.some((path) => isAt(path, place)))).toEqual([])
    // A negative control of the reading: every number that a row is about is found in the schema.
    const command = document.kind.toLowerCase()
    const own = cases.filter((one) => one.command === command).flatMap(({ rows }) => rows.map(([path]) => path))
    expect(own.length).toBeGreaterThan(20)
    expect(own.filter((path) => !places.some((place) => isAt(path, place)))).toEqual([])
  })

  it('every quantity of a law has a row', () => {
    expect(
      Object.keys(units).filter((name) => !paths.some((path) => isAt(path, `laws.*.quantities.${name}.value`))),
    ).toEqual([])
  })

  it('every reason why a number is no theory is about a number of a document', () => {
    const places = [documents.Oracle, documents.Theorem, documents.Minima].flatMap((document) => [
      ...placesOf(document),
    ])
    expect(Object.keys(others).filter((place) => !places.some((one) => isAt(one, place)))).toEqual([])
  })
})

test.each<[string, Row, readonly [number, string, number]]>([
  ['a factor that is inverted', ['f.value', 1.2033, 1e-3], [1 / 1.2033, '', 0]],
  ['a sign', ['f.value', -0.1, 1e-3], [0.1, '', 0]],
  ['a unit', ['f.value', 3, 1e-3, { unit: 'steps' }], [3, 'per step', 0]],
  ['an upper bound below the truth', ['f.value', 0.5, 0.1, { most: true }], [0.49, '', 0]],
  ['a lower bound above it', ['f.value', 0.5, 0.1, { least: true }], [0.51, '', 0]],
  ['an answer that is less sure than the row', ['answers.f.value', 0.5, 1e-9], [0.5, '', 1e-6]],
])('the table notices %s', (_, row, [value, unit, error]) => {
  const place = row[0].replace(/\.value$/, '')
  const printed = (number: number, of: string, off: number): Leaves =>
    new Map<string, number | string>([
      [`${place}.value`, number],
      [`${place}.unit`, of],
      [`${place}.error`, off],
    ])
  expect(trouble(printed(value, unit, error), row)).not.toBe(null)
  expect(trouble(printed(row[1], row[3]?.unit ?? '', 0), row)).toBe(null)
})
