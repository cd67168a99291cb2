import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSweep, presets, SpecError, specSchema } from '@driftfarm/spec'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { afterAll, describe, expect, it, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { keysOf } from './book/schemaKeys.ts'

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')
const reference = read('docs/reference/spec.md')

interface Block {
  readonly at: string
  /** The spec that it is, or completes. */
  readonly text: string
}

function fences(language: string, page: string): { readonly line: number; readonly text: string }[] {
  const lines = read(page).split('\n')
  const found: { line: number; text: string }[] = []
  for (let i = 0; i < lines.length; i++) {
    if (!new RegExp(`^\`\`\`${language}(?: |$)`).test(lines[i]!)) continue
    const end = lines.indexOf('```', i)
    found.push({ line: i + 1, text: lines.slice(i + 1, end).join('\n') })
    i = end
  }
  return found
}

/**
 * A block is a spec by itself, or it begins with `# in NAME`: then its top-level keys take the place of those of the
 * block of the page that begins with `# NAME`.
 */
function specsOf(page: string): Block[] {
  const blocks = fences('yaml', page)
  return blocks.map(({ line, text }) => {
    const at = `${page}:${line}`
    const [, name] = /^# in (\S+)\n/.exec(text) ?? []
    if (name === undefined) return { at, text }
    const base = blocks.find((block) => block.text.startsWith(`# ${name}\n`))
    return { at, text: base === undefined ? text : merged(base.text, text) }
  })
}

function merged(base: string, text: string): string {
  const { trials, ...whole } = parse(base) as Record<string, unknown>
  const written = parse(text) as Record<string, unknown>
  const replicas = (written.method as { splitting?: { replicas?: number } } | undefined)?.splitting?.replicas
  const demanded = 'trials' in written || 'until' in written || replicas !== undefined
  return stringify({ ...whole, ...(demanded ? {} : { trials }), ...written })
}

/** A file that an example names stands in examples/, or else it is the page's one csv block. */
const tableOf = (page: string) => fences('csv', page)[0]!.text
const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
const filesOf = (page: string) => ({
  readBytes: (path: string) => (existsSync(example(path)) ? readFileSync(example(path)) : Buffer.from(tableOf(page))),
})

const parsed = (text: string, page = 'docs/reference/spec.md') =>
  parseSweep(text, { fileName: 'example.yaml', ...filesOf(page) })

function codeOf(text: string): string | null {
  try {
    parsed(text)
    return null
  } catch (error) {
    if (error instanceof SpecError) return error.code
    throw error
  }
}

describe('every example is a spec', () => {
  const blocks = [
    'docs/reference/spec.md',
    'docs/understand/temperature.md',
    'docs/howto/minima.md',
    'docs/understand/exact.md',
    'docs/understand/theorem-1.md',
    'README.md',
    'packages/driftfarm/README.md',
  ].flatMap(specsOf)
  test.each(blocks)('$at', ({ text, at }) => {
    const sweep = parsed(text, at.replace(/:\d+$/, ''))
    expect([...sweep.cells()]).toHaveLength(sweep.cellCount)
  })

  test.each(readdirSync(example('')).filter((name) => name.endsWith('.yaml')))('examples/%s', (name) => {
    const sweep = parsed(readFileSync(example(name), 'utf8'))
    expect([...sweep.cells()]).toHaveLength(sweep.cellCount)
    expect(read('examples/README.md')).toContain(`](${name})`)
  })

  it('and there are examples', () => {
    expect(specsOf('docs/reference/spec.md').length).toBeGreaterThan(20)
    expect(specsOf('README.md').length).toBeGreaterThan(0)
  })

  it('a wrong one is found out', () => {
    const [, well] = specsOf('docs/reference/spec.md')
    expect(codeOf(merged(well!.text, 'update: { eta: 0.1, drift: { sigmas: 1 } }'))).toBe('UNKNOWN_KEY')
    expect(codeOf(merged(well!.text, 'until: { estimate: escape, relative: 0.1 }'))).toBe(null)
    expect(codeOf('version: 1')).toBe('MISSING')
  })
})

/** In the slow tier the command plans each, which computes a few trials of its cells too. */
if (process.env.DRIFTFARM_TEST_TIER === 'full')
  describe('every example is computed', () => {
    const folder = temporaryFolder()
    afterAll(() => folder.remove())
    const home = servedHome()
    writeFileSync(join(folder.path, 'cells.csv'), tableOf('docs/reference/spec.md'))
    test.each(specsOf('docs/reference/spec.md'))('$at', { timeout: 120_000 }, async ({ text }) => {
      writeFileSync(join(folder.path, 'example.yaml'), text)
      const { code, stderr } = await driftfarm(['plan', 'example.yaml', '--json'], { home, cwd: folder.path })
      expect([code, stderr]).toEqual([0, ''])
    })
  })

function section(title: string): string {
  return reference.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!
}

it('the table of presets is that of the code', () => {
  const rows = section('Landscape')
    .split('\n')
    .map((line) => line.split(/ *\| */).slice(1, -1))
    .filter(([name = '']) => presets.some((preset) => `\`${preset.name}\`` === name))
  expect(rows.map(([name]) => name)).toEqual(presets.map(({ name }) => `\`${name}\``))
  for (const [i, { expression, parameters, variables, dimension }] of presets.entries()) {
    const [, coordinates = '', numbers = '', , loss = ''] = rows[i]!
    if (loss.startsWith('`')) expect(loss).toBe(`\`${expression}\``)
    expect(numbers.split(', ').filter((text) => text !== '')).toHaveLength(Object.keys(parameters).length)
    for (const name of Object.keys(parameters)) expect(numbers).toContain(`${name} `)
    if (variables === null) expect(coordinates).toContain(`\`x[i]\`, d = ${dimension}`)
    else expect(coordinates).toBe(variables.map((name) => `\`${name}\``).join(', '))
  }
})

it('every key of the schema is in the reference', () => {
  const fences = reference.split(/^```.*$/m)
  const prose = fences.filter((_, i) => i % 2 === 0).join('\n')
  const code = [...fences.filter((_, i) => i % 2 === 1), ...[...prose.matchAll(/`([^`]+)`/g)].map(([, text]) => text)]
  const words = new Set(code.join('\n').match(/[A-Za-z][A-Za-z0-9]*/g))
  expect([...keysOf(specSchema())].filter((key) => !words.has(key))).toEqual([])
})
