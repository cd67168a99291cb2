import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSweep, presets, SpecError, specSchema } from '@driftfarm/spec'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')
const reference = read('docs/reference/spec.md')

interface Block {
  readonly at: string
  readonly text: string
}

function blocksOf(language: string, name: string): Block[] {
  const lines = read(name).split('\n')
  const blocks: Block[] = []
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== `\`\`\`${language}`) continue
    const end = lines.indexOf('```', i)
    blocks.push({ at: `${name}:${i + 1}`, text: lines.slice(i + 1, end).join('\n') })
    i = end
  }
  return blocks
}

/** What a fragment is merged over. */
const base = {
  version: 1,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 1000, escape: 'x >= 0' },
}

/**
 * A block that has `version:` stands alone; any other takes the place of the base's top-level keys, and has 1,000
 * trials a cell where it says nothing about them.
 */
function completed(text: string): string {
  const written = parse(text) as Record<string, unknown>
  if ('version' in written) return text
  const replicas = (written.method as { splitting?: { replicas?: number } } | undefined)?.splitting?.replicas
  const demanded = 'trials' in written || 'until' in written || replicas !== undefined
  const budget = demanded ? {} : { trials: 1000 }
  return JSON.stringify({ ...base, ...budget, ...written })
}

/** A file that an example names stands in examples/, or else holds the page's one csv block. */
const tableOf = (page: string) => blocksOf('csv', page)[0]!.text
const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
const filesOf = (page: string) => ({
  readBytes: (path: string) => (existsSync(example(path)) ? readFileSync(example(path)) : Buffer.from(tableOf(page))),
})

const parsed = (text: string, page = 'docs/reference/spec.md') =>
  parseSweep(completed(text), { fileName: 'example.yaml', ...filesOf(page) })

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
    'docs/understand/semantics.md',
    'docs/howto/minima.md',
    'docs/understand/exact.md',
    'docs/understand/theorem.md',
    'README.md',
    'packages/driftfarm/README.md',
  ].flatMap((name) => blocksOf('yaml', name))
  test.each(blocks)('$at', ({ text, at }) => {
    const sweep = parsed(text, at.replace(/:\d+$/, ''))
    expect([...sweep.cells()]).toHaveLength(sweep.cellCount)
  })

  test.each(readdirSync(example('')).filter((name) => name.endsWith('.yaml')))('examples/%s', (name) => {
    const sweep = parsed(readFileSync(example(name), 'utf8'))
    expect([...sweep.cells()]).toHaveLength(sweep.cellCount)
    expect(read('examples/README.md')).toContain(`\n<!-- ${name.slice(0, -'.yaml'.length)} -->\n`)
  })

  it('and there are examples', () => {
    expect(blocksOf('yaml', 'docs/reference/spec.md').length).toBeGreaterThan(8)
    expect(blocksOf('yaml', 'README.md').length).toBeGreaterThan(0)
  })

  it('a wrong one is found out', () => {
    expect(codeOf('update: { eta: 0.1, drift: { sigmas: 1 } }')).toBe('UNKNOWN_KEY')
    expect(codeOf('version: 1')).toBe('MISSING')
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

/** Names of all keys that the schema knows. */
function keysOf(schema: unknown, keys = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return keys
  const { properties } = schema as { properties?: Record<string, unknown> }
  for (const key of Object.keys(properties ?? {})) keys.add(key)
  for (const inner of Object.values(schema)) keysOf(inner, keys)
  return keys
}

it('every key of the schema is in the reference', () => {
  const fences = reference.split(/^```.*$/m)
  const prose = fences.filter((_, i) => i % 2 === 0).join('\n')
  const code = [...fences.filter((_, i) => i % 2 === 1), ...[...prose.matchAll(/`([^`]+)`/g)].map(([, text]) => text)]
  const words = new Set(code.join('\n').match(/[A-Za-z][A-Za-z0-9]*/g))
  expect([...keysOf(specSchema)].filter((key) => !words.has(key))).toEqual([])
})
