import { expect, test } from 'vitest'
import { type Drawn, draw, sentencesIn } from '../../infra/style/sample.ts'

const page = Array.from({ length: 400 }, (_, at) => `Sentence number ${at} of a page.`).join('\n')
const source = [
  ...Array.from({ length: 100 }, (_, at) => `// Comment number ${at} says why.\n`),
  ...Array.from({ length: 40 }, (_, at) => `say('message number ${at} of many')`),
  ...Array.from({ length: 10 }, (_, at) => `draw({ title: 'label number ${at} of few' })`),
].join('\n')
const all = [...sentencesIn('docs/a.md', page), ...sentencesIn('packages/a/src/a.ts', source)]
const of = (drawn: Drawn[], kind: string) => drawn.filter((one) => one.kind === kind)

test('finds each sentence with its place and kind, on one line, with its code', () => {
  expect(all).toHaveLength(550)
  expect(sentencesIn('docs/a.md', '# Title of it\n\nThe `cell` is\n"done" \\<a>. Yes.\n')).toEqual([
    { file: 'docs/a.md', line: 1, kind: 'page', text: 'Title of it' },
    { file: 'docs/a.md', line: 3, kind: 'page', text: 'The `cell` is "done" <a>.' },
  ])
  expect(sentencesIn('packages/a/src/a.ts', 'a(`$' + '{n} of `$' + '{f(1)}\\` cells`)')).toEqual([])
  expect(sentencesIn('packages/a/src/a.ts', 'a(`the $' + '{n} of $' + '{f(1)} cells`)')).toEqual([
    { file: 'packages/a/src/a.ts', line: 1, kind: 'message', text: 'the `n` of `..` cells' },
  ])
})

test('draws the same by the same seed, and others by another', () => {
  expect(draw(all, '44', 100)).toEqual(draw([...all].reverse(), '44', 100))
  expect(draw(all, '45', 100)).not.toEqual(draw(all, '44', 100))
  expect(new Set(draw(all, '44', 100)).size).toBe(100)
})

test('draws of each kind as many, and what one lacks from the others', () => {
  const drawn = draw(all, '1', 130)
  expect(drawn).toHaveLength(130)
  expect(['label', 'message', 'comment', 'page'].map((kind) => of(drawn, kind).length)).toEqual([10, 40, 40, 40])
  expect(draw(all, '1', 10_000)).toHaveLength(550)
})

test('an edit changes no other draw', () => {
  const edited = all.map((one) => (one.text.includes('number 7 ') ? { ...one, text: 'Something else.' } : one))
  const before = draw(all, '2', 100).filter(({ text }) => !text.includes('number 7 '))
  const after = new Set(draw(edited, '2', 100).map(({ text }) => text))
  expect(before.filter(({ text }) => !after.has(text)).length).toBeLessThanOrEqual(4)
})

test('draws every sentence about as often', () => {
  // 200 seeds draw 40 of 400 pages each: a page is drawn 20 times on average, standard deviation 4.2. A page
  // outside 5 deviations has a false-alarm rate below 1e-3 over all of them; the seeds are fixed.
  const pages = all.filter(({ kind }) => kind === 'page')
  const times = new Map(pages.map(({ text }) => [text, 0]))
  for (let seed = 0; seed < 200; seed++) {
    for (const { text } of draw(pages, String(seed), 40)) times.set(text, times.get(text)! + 1)
  }
  expect(Math.max(...times.values())).toBeLessThan(41)
  expect(Math.min(...times.values())).toBeGreaterThan(2)
})
