import { settingPath } from '@driftfarm/spec'
import { isCollection, isMap, isNode, isScalar, type Node, parseDocument, stringify, type YAMLMap } from 'yaml'

export interface SpecChange {
  /** As in `--set`: keys joined by dots, for example `update.eta`, or `sweep.update.eta` for an axis. */
  readonly path: string
  /** The new value; undefined removes the key. */
  readonly value: unknown
}

/**
 * Changes values of a spec in its YAML text; every other character stays as it is. Removes a mapping that would become
 * empty. Throws an Error if the text is not valid YAML, or if a path leads through a value that is not a mapping.
 */
export const changedSpec = (text: string, changes: readonly SpecChange[]): string =>
  changes.reduce((changed, { path, value }) => edited(changed, settingPath(path).map(String), value), text)

export function parsedSpec(text: string) {
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false })
  if (document.errors.length > 0) throw document.errors[0]!
  return document
}

function edited(text: string, keys: readonly string[], value: unknown): string {
  const document = parsedSpec(text)
  const known = keys.findLastIndex((_, at) => isMap(document.getIn(keys.slice(0, at), true)))
  const parent = document.getIn(keys.slice(0, known), true)
  if (!isMap(parent)) {
    if (document.contents !== null) throw new TypeError('the spec is not a mapping')
    return value === undefined ? text : `${text}${blockText(keys, value, '')}\n`
  }
  const key = keys[known]!
  const old = pairOf(parent, key)
  if (known < keys.length - 1 && old !== undefined && value !== undefined)
    throw new TypeError(`${keys.slice(0, known + 1).join('.')} is not a mapping`)
  if (value !== undefined)
    return old === undefined ? withPair(text, parent, keys.slice(known), value) : withValue(text, old, value)
  if (known < keys.length - 1 || old === undefined) return text
  if (parent.items.length === 1 && known > 0) return edited(text, keys.slice(0, known), undefined)
  return withoutPair(text, parent, old)
}

type Pair = YAMLMap['items'][number]

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)

const startOf = (pair: Pair): number => (pair.key as Node).range![0]

/** The offset behind the last character of the pair, without white space. */
const endOf = (text: string, { key, value }: Pair): number => {
  const [, end] = (isNode(value) ? value : (key as Node)).range!
  return text.slice(0, end).trimEnd().length
}

function withValue(text: string, pair: Pair, value: unknown): string {
  const { key, value: old } = pair
  const isInline = isScalar(old) ? old.source !== '' && !/^BLOCK/.test(old.type ?? '') : isCollection(old) && old.flow
  if (isInline) return `${text.slice(0, (old as Node).range![0])}${flowText(value)}${text.slice(endOf(text, pair))}`
  const colon = text.indexOf(':', (key as Node).range![1])
  return `${text.slice(0, colon)}: ${flowText(value)}${text.slice(Math.max(colon + 1, endOf(text, pair)))}`
}

function withPair(text: string, parent: YAMLMap, keys: readonly string[], value: unknown): string {
  const [first, last] = [parent.items[0], parent.items.at(-1)]
  const nested = keys.slice(1).reduceRight((inner, key) => ({ [key]: inner }), value)
  if (first === undefined || last === undefined || parent.flow === true) {
    const at = last === undefined ? parent.range![0] + 1 : endOf(text, last)
    const end = last === undefined ? ' ' : ''
    return `${text.slice(0, at)}${end || ', '}${keys[0]}: ${flowText(nested)}${end}${text.slice(at)}`
  }
  const indent = ' '.repeat(columnOf(text, startOf(first)))
  const at = lineEnd(text, endOf(text, last))
  return `${text.slice(0, at)}\n${blockText(keys, value, indent)}${text.slice(at)}`
}

function withoutPair(text: string, parent: YAMLMap, pair: Pair): string {
  const at = parent.items.indexOf(pair)
  const [before, after] = [parent.items[at - 1], parent.items[at + 1]]
  if (parent.flow !== true) {
    const end = lineEnd(text, endOf(text, pair)) + 1
    return `${text.slice(0, startOf(pair) - columnOf(text, startOf(pair)))}${text.slice(end)}`
  }
  if (after !== undefined) return `${text.slice(0, startOf(pair))}${text.slice(startOf(after))}`
  return `${text.slice(0, before === undefined ? startOf(pair) : endOf(text, before))}${text.slice(endOf(text, pair))}`
}

const columnOf = (text: string, offset: number): number => offset - text.lastIndexOf('\n', offset - 1) - 1

const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

const blockText = ([key = '', ...rest]: readonly string[], value: unknown, indent: string): string =>
  rest.length === 0
    ? `${indent}${key}: ${flowText(value)}`
    : `${indent}${key}:\n${blockText(rest, value, `${indent}  `)}`

/** A value on one line. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${flowText(inner)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  // In a list, so that characters such as commas are quoted.
  return stringify([value], { collectionStyle: 'flow', lineWidth: 0 }).trim().slice(2, -2)
}

/** Proposes the name of a changed copy: `a` gives `a-2`, `a-2` gives `a-3`. */
export function nextName(name: string): string {
  const [, base = name, number = '1'] = /^(.+)-([1-9]\d{0,2})$/.exec(name) ?? []
  const end = `-${Number(number) + 1}`
  return `${base.slice(0, 128 - end.length)}${end}`
}
