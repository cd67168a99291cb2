import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { YAMLMap } from 'yaml'
import { changedSpec, nextName, parsedSpec } from './changeSpec.ts'

const examples = new URL('../../../../examples/', import.meta.url)
const spec = `# What is asked.
version: 1
name: a # the name
seed: 18446744073709551615
update: { eta: 0.1, drift: { sigma: 1 } }
sweep:
  # two values
  update.eta: [0.1, 0.2] # small
trials: 1000
`

describe('a changed spec', () => {
  test('keeps comments and every other value', () => {
    expect(
      changedSpec(spec, [
        { path: 'name', value: 'a-2' },
        { path: 'sweep.update.eta', value: { from: 0.1, to: 0.4, count: 5 } },
        { path: 'sweep.update.drift.sigma', value: [1, 2] },
        { path: 'update.drift.law', value: 'laplace' },
      ]),
    ).toBe(`# What is asked.
version: 1
name: a-2 # the name
seed: 18446744073709551615
update: { eta: 0.1, drift: { sigma: 1, law: laplace } }
sweep:
  # two values
  update.eta: { from: 0.1, to: 0.4, count: 5 } # small
  update.drift.sigma: [1, 2]
trials: 1000
`)
  })

  test('drops a mapping that becomes empty', () => {
    expect(changedSpec(spec, [{ path: 'sweep.update.eta', value: undefined }])).toBe(
      spec.slice(0, spec.indexOf('sweep:')) + spec.slice(spec.indexOf('trials:')),
    )
  })

  test.each([
    ['a: { b: 1, c: 2 }', 'a.b', undefined, 'a: { c: 2 }'],
    ['a: { b: 1, c: 2 }', 'a.c', undefined, 'a: { b: 1 }'],
    ['a: { b: 1 }\nd: 1', 'a.b', undefined, 'd: 1'],
    ['a: {}', 'a.b', 1, 'a: { b: 1 }'],
    ['a:\n  b: 1 # one\nc: 2\n', 'a.d', 'x, y', 'a:\n  b: 1 # one\n  d: "x, y"\nc: 2\n'],
    ['a:\n  b:\n    c: 1\nd: 2\n', 'a.b', [1, 2], 'a:\n  b: [1, 2]\nd: 2\n'],
    ['a:\n- 1\n- 2\nd: 2\n', 'a', [1], 'a: [1]\nd: 2\n'],
    ['a:\nb: 1\n', 'a', 3, 'a: 3\nb: 1\n'],
    ['# only a comment\n', 'a.b', 3, '# only a comment\na:\n  b: 3\n'],
    [
      'a: 1',
      'sweep.update.eta',
      { from: 1, to: 2, count: 3 },
      'a: 1\nsweep:\n  update.eta: { from: 1, to: 2, count: 3 }',
    ],
    ['a: 1\n', 'b.c', undefined, 'a: 1\n'],
    ['{"a": {"b": 1}}', 'a.b', 2, '{"a": {"b": 2}}'],
  ])('%j with %s = %j', (text, path, value, changed) => {
    expect(changedSpec(text, [{ path, value }])).toBe(changed)
  })

  // The oracle replaces values in the parsed document.
  const all = readdirSync(examples).filter((name) => name.endsWith('.yaml'))
  const some = process.env.DRIFTFARM_TEST_TIER === 'full' ? all : all.filter((_, at) => at % 4 === 0)
  test(`has exactly the changed values, in ${some.length} of ${all.length} examples`, () => {
    for (const name of some) {
      const text = readFileSync(new URL(name, examples), 'utf8')
      const walk = (value: unknown, path: string): void => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return
        for (const [key, inner] of Object.entries(value)) {
          const at = path === '' ? key : `${path}.${key}`
          if (/\./.test(key) && path !== 'sweep') continue
          const keys = path === 'sweep' ? ['sweep', key] : at.split('.')
          for (const made of [7, undefined]) {
            const expected = parsedSpec(text)
            if (made === undefined) expected.deleteIn(keys)
            else expected.setIn(keys, made)
            for (let up = keys.length - 1; made === undefined && up > 0; up--)
              if ((expected.getIn(keys.slice(0, up)) as YAMLMap).items.length === 0)
                expected.deleteIn(keys.slice(0, up))
            expect(parsedSpec(changedSpec(text, [{ path: at, value: made }])).toJS(), `${name} ${at}`).toEqual(
              expected.toJS(),
            )
          }
          if (path !== 'sweep') walk(inner, at)
        }
      }
      walk(parsedSpec(text).toJS(), '')
    }
  })

  test('of a text that is not YAML is refused', () => {
    expect(() => changedSpec('a: [', [{ path: 'a', value: 1 }])).toThrow()
  })
})

test.each([
  ['a', 'a-2'],
  ['a-2', 'a-3'],
  ['a-99', 'a-100'],
  ['sigma-0.5', 'sigma-0.5-2'],
  ['run-2024', 'run-2024-2'],
  ['x'.repeat(128), `${'x'.repeat(126)}-2`],
])('after %s comes %s', (name, next) => {
  expect(nextName(name)).toBe(next)
})
