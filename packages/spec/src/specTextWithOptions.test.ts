import { expect, test } from 'vitest'
import { specTextWithOptions } from './options.ts'
import { parseSweep } from './parseSweep.ts'

const text = `# A well, for a lesson
version: 1
name: well   # so it is found again
seed: 18446744073709551615
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 10, escape: "x >= 0" }
sweep: { update.eta: [0.1, 0.2] }
until: { estimate: escape, relative: 0.1 }
`
type Set = readonly (readonly [string, string])[]
const splitting: Set = [['method', '{ splitting: { score: x, replicas: 30 } }']]

test.each<[name: string, set: Set, trials: number | undefined]>([
  ['trials in place of a stopping rule', [], 500],
  [
    'a value, a new key, a key of the sweep with dots',
    [
      ['start', '[0.1]'],
      ['tags.of', 'a'],
      ['sweep.update.eta', '[0.3]'],
    ],
    5,
  ],
  ['a seed to the last digit', [['seed', '18446744073709551614']], undefined],
  ['a place inside a flow mapping', [['update.drift.law', 'laplace']], undefined],
  ['trials in place of replicas', splitting, 50],
])('%s: the text alone is the same sweep', (_, set, trials) => {
  const requested = specTextWithOptions(text, { set, trials })
  const sweep = parseSweep(requested, { fileName: 'asked' })
  const wanted = parseSweep(text, { fileName: 'spec', set, trials })
  expect(sweep.id()).toBe(wanted.id())
  expect(sweep.demand).toEqual(wanted.demand)
  expect(sweep.seed).toBe(wanted.seed)
  // What was not changed is as it was written.
  expect(requested).toContain('# A well, for a lesson\nversion: 1\nname: well')
})

test('without options it is the text itself', () => {
  expect(specTextWithOptions(text, {})).toBe(text)
})

test('JSON stays a text that can be read, and an alias is written out', () => {
  const json = JSON.stringify({ version: 1, name: 'j', landscape: { preset: 'double-well' }, start: [-1] })
  expect(specTextWithOptions(json, { set: [['start', '[1]']] })).toContain('"name": "j"')
  const alias = text.replace('start: { minimum: left }', 'start: &at { minimum: left }')
  const twice = `${alias}points: { p: [1] }\nlet: &l { a: 1 }\n`
  expect(specTextWithOptions(twice, { set: [['tags.of', 'x']] })).toContain('&at')
  // The value that others stand for is gone: all is written out anew.
  const gone = `version: 1\nname: &n j\ntags: { of: *n }\n`
  expect(specTextWithOptions(gone, { set: [['name', 'k']] })).toBe('version: 1\nname: k\ntags:\n  of: j\n')
})
