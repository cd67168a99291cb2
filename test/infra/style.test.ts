import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { folderOf, isRead } from '../../infra/style/files.ts'
import { findings } from '../../infra/style/findings.ts'
import { lint } from '../../infra/style/lint.ts'
import { sentences, wordCount } from '../../infra/style/prose.ts'
import { longSentence, nameOf } from '../../infra/style/rules.ts'
import { words } from '../../infra/style/words.ts'

const folder = mkdtempSync(join(tmpdir(), 'driftfarm-style-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What fails in a text: line, and the words of the text. */
const failures = async (file: string, source: string): Promise<[number, string][]> =>
  (await lint(file, source)).filter(({ fails }) => fails).map(({ line, text }) => [line, text])

describe('the word table', () => {
  const matched = (text: string) => words.filter(({ pattern, counted }) => !counted && text.match(pattern) !== null)

  test.each(words.map((word) => [word.not, word] as const))('%s', (_, word) => {
    const example = word.not.replaceAll('`', '')
    expect(example.match(word.pattern)).not.toBeNull()
    expect(example.toUpperCase().replaceAll(' ', '\n').match(word.pattern)).not.toBeNull()
    expect((word.passes ?? '').match(word.pattern)).toBeNull()
    expect(matched(word.but).map(nameOf)).toEqual([])
  })

  test('each word has a name of its own', () => {
    expect(new Set(words.map(nameOf)).size).toBe(words.length)
  })
})

describe('Markdown', () => {
  test('headings, paragraphs, lists, tables, links and alternative texts are read', async () => {
    const page = [
      '# With which probability',
      '',
      'Some facts are *worth*',
      'knowing \\<here>, and [worth knowing](a.md).',
      '',
      '- the 2 cells',
      '  at their end',
      '',
      '| a | b |',
      '|---|---|',
      '| x | worth knowing |',
      '',
      '![Worth knowing](a.svg)',
    ].join('\n')
    expect(await failures('docs/a.md', page)).toEqual([
      [1, 'With which probability'],
      [3, 'worth* knowing'],
      [4, 'worth knowing'],
      [6, 'cells at their end'],
      [11, 'worth knowing'],
      [13, 'Worth knowing'],
    ])
  })

  test('code and quotations are not', async () => {
    const page = [
      '---',
      'title: worth knowing',
      '---',
      '',
      '```text',
      'worth knowing',
      '```',
      '',
      'It prints `worth knowing`, "worth knowing" or “worth knowing”; see [this](worth%20knowing.md).',
      '',
      '> worth knowing',
      '',
      "Trials' values are worth `code` knowing, and 'worth knowing' is old.",
      '',
      '<!-- worth knowing -->',
    ].join('\n')
    expect(await failures('docs/a.md', page)).toEqual([])
    expect(await failures('docs/a.md', page.replaceAll(/["`“”]/g, ''))).not.toEqual([])
  })

  test('a place counts columns from 1 and skips markup and escapes', async () => {
    const [found] = await lint('docs/a.md', 'A `cell` \\<b> is **worth knowing**.\n')
    expect(found).toMatchObject({ line: 1, column: 20, text: 'worth knowing', fails: true })
    expect(found?.message).toBe('worth knowing → notes')
  })
})

describe('TypeScript', () => {
  test('literals, sums, templates, JSX and comments are read', async () => {
    const source = [
      "const a = 'This is worth knowing.'",
      'const b = `$' + '{a} is worth knowing`',
      "const c = 'This sentence is ' + a + ' and worth ' +",
      "  'knowing.'",
      '/**',
      ' * With which',
      ' * probability.',
      ' */',
      '// The rest is worth',
      '// knowing.',
      'const d = <p title="Worth knowing">The {a} is worth knowing <b>now</b></p>',
    ].join('\n')
    expect(await failures('packages/a/src/a.tsx', source)).toEqual([
      [1, 'worth knowing'],
      [2, 'worth knowing'],
      [3, "worth ' + 'knowing"],
      [6, 'With which probability'],
      [9, 'worth knowing'],
      [11, 'Worth knowing'],
      [11, 'worth knowing'],
    ])
  })

  test('code, quotations and names are not', async () => {
    const source = [
      "import { demand } from './demand.ts'",
      "type Demand = 'demand of a sweep'",
      'const sql = `select demand.index from farm.demand where demand.cell_id = 1`',
      'const tagged = sql`worth knowing`',
      "const key = 'demand'",
      'const quoted = \'It prints `worth knowing` or "worth knowing".\'',
      '// biome-ignore lint/a: worth knowing',
      '// Of `demand`, the table.',
      'const e = <p className="demand bar">x</p>',
      'const f = <p className={open ? "demand open" : "demand shut"}>x</p>',
      "const looks = 'It looks like the demanding case.'",
    ].join('\n')
    expect(await failures('packages/a/src/a.tsx', source)).toEqual([])
    // Without its marks of code, the same words are found.
    expect(await failures('packages/a/src/a.tsx', "const a = 'the demand of a sweep'")).toEqual([[1, 'demand']])
  })

  test('a word is searched where it means what the table says', async () => {
    const comment = '// Every look takes a second.\n'
    expect(await failures('packages/coordinator/src/a.ts', comment)).toEqual([[1, 'Every look']])
    expect(await failures('packages/statistics/src/a.ts', comment)).toEqual([])
  })
})

describe('sentences', () => {
  const of = (count: number) => `The ${'very '.repeat(count - 3)}long sentence.`

  test('more than 25 words are counted and do not fail', async () => {
    expect(await lint('docs/a.md', `${of(25)} ${of(25)}\n\n${of(20)}\n\n${of(20)}\n`)).toEqual([])
    const found = await lint('docs/a.md', `Short.\n${of(26)}\n`)
    expect(found.map(({ line, message, fails }) => [line, message, fails])).toEqual([[2, longSentence, false]])
  })

  test('end at full stops that end a sentence, and at empty lines', () => {
    const text = 'See e.g. The Book. Take 0.5 of them, i.e. half! Is it?\nYes\n\nNo end'
    expect(sentences(text).map(({ text }) => text)).toEqual([
      'See e.g. The Book.',
      'Take 0.5 of them, i.e. half!',
      'Is it?',
      'Yes',
      'No end',
    ])
    for (const { text: sentence, start } of sentences(text)) expect(text.startsWith(sentence, start)).toBe(true)
  })

  test('a piece of code is one word, punctuation none', () => {
    expect(wordCount('The \uFFFC\uFFFC\uFFFC - 3 of 5 - is so.')).toBe(7)
  })
})

test('pages in English and sources are read, also generated pages; tests and generated sources are not', () => {
  const read = [
    'README.md',
    'docs/index.md',
    'docs/reference/errors.md',
    'packages/a/src/b/c.tsx',
    'examples/README.md',
  ]
  const unread = [
    'README.ko.md',
    'docs/ko/index.md',
    'docs/decisions/0001-postgres-is-the-truth.md',
    'packages/a/src/b.test.ts',
    'packages/a/src/b.fixture.ts',
    'packages/a/src/b.generated.ts',
    'packages/a/src/fixtures/b.ts',
    'packages/a/build.ts',
  ]
  expect([...read, ...unread].filter(isRead)).toEqual(read)
  expect(read.map(folderOf)).toEqual(['README.md', 'docs', 'docs/reference', 'packages/a', 'examples'])
})

test('findings are kept until their file changes', async () => {
  const cache = join(folder, 'cache.json')
  const first = await findings(['README.md'], cache)
  const kept = JSON.parse(readFileSync(cache, 'utf8'))
  expect(kept['README.md'].found).toEqual(first)
  const planted = [{ ...first[0], message: 'planted' }]
  writeFileSync(cache, JSON.stringify({ 'README.md': { ...kept['README.md'], found: planted } }))
  expect(await findings(['README.md'], cache)).toEqual(planted)
  writeFileSync(cache, JSON.stringify({ 'README.md': { digest: 'of another text', found: planted } }))
  expect(await findings(['README.md'], cache)).toEqual(first)
  writeFileSync(cache, 'torn')
  expect(await findings(['README.md'], cache)).toEqual(first)
})
