import type { Path } from '../document/path.ts'
import { isMapping, type Mapping } from '../document/value.ts'
import { examples } from './examples.table.ts'
import { flowStyle } from './flowStyle.ts'

const sweptRoots = new Set(['landscape', 'start', 'update', 'trial', 'let', 'seed'])

export function collectionHint(path: Path, value: unknown, expected: string): string | null {
  if (Array.isArray(value))
    return /^(a|an) (finite )?(number|numeric|integer)\b/.test(expected)
      ? single(path, value)
      : merged(path, value, expected)
  if (isMapping(value)) return bracketed(path, value, expected)
  if (value === null)
    return isMappingWanted(expected) ? 'write its keys on the lines below, indented by two spaces' : null
  if (typeof value === 'string' && /^a list of (names|column names|steps|widths)/.test(expected)) {
    const items = value
      .replace(/^\[|\]$/g, '')
      .split(/[\s,;]+/)
      .filter((item) => item !== '')
    return `write a list in brackets: [${items.join(', ')}]`
  }
  const example = examples.get(path.join('.'))
  return example === undefined || example === expected ? null : `write ${example}`
}

function isMappingWanted(expected: string): boolean {
  return /^a mapping|drift \{/.test(expected)
}

function single(path: Path, list: readonly unknown[]): string | null {
  if (list.length === 1) return `write it without brackets: ${flowStyle(list[0])}`
  const values = flowStyle(list)
  if (list.length === 0 || values === null || path.some((key) => typeof key === 'number')) return null
  return sweptRoots.has(String(path[0]))
    ? `write one value; to try several, add sweep: { ${path.join('.')}: ${values} }`
    : 'write one value; it applies to all cells'
}

/** The hint for a list of mappings, such as `- a: 1` and `- b: 2`, where one mapping { a: 1, b: 2 } is expected. */
function merged(path: Path, list: readonly unknown[], expected: string): string | null {
  if (!isMappingWanted(expected)) return null
  if (list.length > 0 && list.every((item) => isMapping(item))) {
    const one: Mapping = Object.assign({}, ...list)
    const keys = list.reduce<number>((count, item) => count + Object.keys(item as Mapping).length, 0)
    const isNamed = Object.hasOwn(one, 'name') && Object.keys(one).length === 2
    if (isNamed) {
      const other = Object.keys(one).find((key) => key !== 'name')!
      const pairs = list.map((item) => [String((item as Mapping).name), (item as Mapping)[other]])
      return inOne(Object.fromEntries(pairs))
    }
    if (keys === Object.keys(one).length) return inOne(one)
  }
  if (/points$/.test(expected)) return 'give each point a name, such as { left: [-1, 0], right: [1, 0] }'
  const example = examples.get(path.join('.'))
  return example === undefined ? null : `write ${example}`
}

function inOne(one: Mapping): string {
  const text = flowStyle(one)
  return `write one mapping, without [ ] and without \`-\` before the keys${text === null ? '' : `: ${text}`}`
}

function bracketed(path: Path, value: Mapping, expected: string): string | null {
  const [, keys] = /^a list of \{(.*?)\}/.exec(expected) ?? []
  if (keys === undefined) return null
  const example = examples.get(path.join('.'))
  const isEntry = keys.includes(':') || keys.split(', ').some((key) => Object.hasOwn(value, key))
  if (!isEntry && example !== undefined) return `write ${example}`
  return `write it as a list: [${flowStyle(value) ?? '{ .. }'}]`
}
