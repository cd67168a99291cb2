import { describe, expect, test } from 'vitest'
import { Mistake } from '../errors.ts'
import { readText, readValue } from './read.ts'

function codeOf(text: string): string {
  try {
    readText(text, 'a.yaml')
  } catch (error) {
    if (error instanceof Mistake) return error.code
    throw error
  }
  return 'none'
}

describe('values', () => {
  test('YAML 1.2 core: yes, on and 010 are no booleans and no octal', () => {
    expect(readText('a: yes\nb: on\nc: 010\nd: 0o10\ne: 0x10\nf: ~\ng: 1e3', 'a').value).toEqual({
      a: 'yes',
      b: 'on',
      c: 10,
      d: 8,
      e: 16,
      f: null,
      g: 1000,
    })
  })

  test('JSON with tabs, escapes and long strings is read as it is', () => {
    const value = {
      text: `"\\/ \u2028 \ud83d\ude00 ${'x'.repeat(5000)}`,
      list: [1, -0.5, 1e-7, true, null],
      deep: { a: {} },
    }
    expect(readText(JSON.stringify(value, null, '\t'), 'a').value).toEqual(value)
    expect(readText(JSON.stringify(value), 'a').value).toEqual(value)
  })

  test('integers below a key seed are exact, others are doubles', () => {
    const text = '{"seed": 18446744073709551615, "sweep": {"seed": [9007199254740993, 5]}, "n": 9007199254740993}'
    expect(readText(text, 'a').value).toEqual({
      seed: '18446744073709551615',
      sweep: { seed: ['9007199254740993', 5] },
      n: 9007199254740992,
    })
    expect(readValue('0xffffffffffffffff', 'a', true)).toBe('18446744073709551615')
  })

  test('aliases repeat values', () => {
    expect(readText('a: &a [1, 2]\nb: *a\nc: &c {d: *a}\ne: *c', 'a').value).toEqual({
      a: [1, 2],
      b: [1, 2],
      c: { d: [1, 2] },
      e: { d: [1, 2] },
    })
  })
})

describe('hostile texts end in an error', () => {
  const full = process.env.DRIFTFARM_TEST_TIER === 'full'
  // Beyond any stack in either tier.
  const deep = full ? 100_000 : 20_000
  const layer = (i: number) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`
  const laughs = `a0: &a0 [lol]\n${Array.from({ length: 12 }, (_, i) => layer(i + 1)).join('\n')}`
  const chain = `a0: &a0 [1]\n${Array.from({ length: 200 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`).join('\n')}`

  test.each([
    ['a billion laughs', laughs, 'ALIAS_REFUSED'],
    ['a chain of aliases', chain, 'TOO_DEEP'],
    ['open brackets', '['.repeat(deep), 'TOO_DEEP'],
    ['dashes', '- '.repeat(deep), 'TOO_DEEP'],
    ['braces', '{a: '.repeat(deep), 'TOO_DEEP'],
    ['question marks', '? '.repeat(deep), 'TOO_DEEP'],
    ['binary', 'a: !!binary aGk=', 'TAG_REFUSED'],
    ['a set', '!!set {a, b}', 'TAG_REFUSED'],
    ['a list for a key', '[1]: 2', 'KEY_REFUSED'],
    ['a boolean for a key', 'true: 2', 'KEY_REFUSED'],
  ])('%s', (_what, text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  test('1 MiB of keys in mappings of 5,000 is read in linear time; a quarter of it in the fast tier', () => {
    const [mappings, keys] = full ? [14, 5_000] : [3, 5_000]
    const mapping = `{${Array.from({ length: keys }, (_, i) => `"k${i}": 1`).join(',')}}`
    const text = `{${Array.from({ length: mappings }, (_, i) => `"m${i}": ${mapping}`).join(',')}}`
    const read = Object.values(readText(text, 'a').value as object)
    expect(read.map((each) => Object.keys(each).length)).toEqual(Array(mappings).fill(keys))
  })
})

describe('places', () => {
  const text = 'a:\n  b: [1, {c: "x + y"}]\nd: &d {e: 1}\nf: *d\n'
  const source = readText(text, 'a.yaml')

  test.each([
    [['a'], 'key', 1, 1, 'a'],
    [['a', 'b'], 'key', 2, 3, 'b'],
    [['a', 'b', 1, 'c'], 'value', 2, 14, 'x + y'],
    [['a', 'b', 1, 'c'], 4, 2, 19, ''],
    [['a', 'b', 1, 'none'], 'value', 2, 10, null],
    [['f', 'e'], 'value', 3, 11, '1'],
    [['none'], 'value', 1, 1, null],
  ] as const)('%j %s', (path, part, line, column, word) => {
    const { range, beside: _beside, ...place } = source.place(path, part)
    expect(place).toEqual({ source: 'a.yaml', line, column })
    expect(range === undefined ? null : text.slice(range.from, range.to)).toBe(word)
  })
})
