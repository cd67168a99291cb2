import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml'
import { Mistake, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'

const inherited = new Set(['__proto__', 'constructor', 'prototype'])
const coreTag = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/

interface Plain {
  readonly value: unknown
  /** Number of values in `value`, including `value` itself, with aliases expanded. */
  readonly size: number
  readonly height: number
}

export class PlainValues {
  readonly #anchored = new Map<string, Plain | 'open'>()
  #aliased = 0
  #depth = 0

  of(node: Node | null, exact: boolean): unknown {
    return this.#plain(node, exact).value
  }

  /** `exact`: whether the node is below a key `seed`, where large integers are kept as decimal strings. */
  #plain(node: Node | null, exact: boolean): Plain {
    if (node === null) return { value: null, size: 1, height: 1 }
    if (isAlias(node)) return this.#alias(node)
    const tag = node.tag
    if (tag !== undefined && !coreTag.test(tag)) refuse('TAG_REFUSED', node, { value: tag })
    if (isScalar(node)) return this.#keep(node, { value: scalar(node, exact), size: 1, height: 1 })
    if (node.anchor !== undefined) this.#anchored.set(node.anchor, 'open')
    this.#depth++
    const plain = isMap(node)
      ? this.#mapping(node.items as Pair<Node, Node | null>[], exact)
      : isSeq(node)
        ? this.#list(node.items as Node[], exact)
        : null
    this.#depth--
    return this.#keep(node, plain!)
  }

  #keep(node: Node & { anchor?: string | undefined }, plain: Plain): Plain {
    if (node.anchor !== undefined) this.#anchored.set(node.anchor, plain)
    return plain
  }

  #alias(node: Alias): Plain {
    // `node.resolve` is not used: it would walk the whole document for each alias.
    const plain = this.#anchored.get(node.source)
    if (plain === undefined) refuse('ALIAS_REFUSED', node, { reason: `no value above is marked &${node.source}` })
    if (plain === 'open') refuse('ALIAS_REFUSED', node, { reason: `the alias ${node.source} contains itself` })
    this.#aliased += plain.size
    if (this.#aliased > limits.aliasedValues)
      refuse('ALIAS_REFUSED', node, { reason: `aliases repeat more than ${limits.aliasedValues} values` })
    if (this.#depth + plain.height > limits.nesting)
      refuse('TOO_DEEP', node, { limit: `${limits.nesting} levels of nesting` })
    return plain
  }

  #list(items: readonly Node[], exact: boolean): Plain {
    const inner = items.map((item) => this.#plain(item, exact))
    return around(
      inner.map(({ value }) => value),
      inner,
    )
  }

  #mapping(pairs: readonly Pair<Node, Node | null>[], exact: boolean): Plain {
    if (pairs.length > limits.keys)
      refuse('SPEC_TOO_LARGE', pairs[limits.keys]!.key, { limit: `${limits.keys} keys in one mapping` })
    const value: Record<string, unknown> = {}
    const inner: Plain[] = []
    for (const pair of pairs) {
      const key = keyOf(pair.key)
      if (Object.hasOwn(value, key)) refuse('DUPLICATE_KEY', pair.key, { word: key })
      const plain = this.#plain(pair.value, exact || key === 'seed')
      value[key] = plain.value
      inner.push(plain)
    }
    return around(value, inner)
  }
}

function around(value: unknown, inner: readonly Plain[]): Plain {
  const size = inner.reduce((sum, plain) => sum + plain.size, 1)
  return { value, size, height: inner.reduce((most, { height }) => Math.max(most, height + 1), 1) }
}

function keyOf(node: Node | null): string {
  if (!isScalar(node) || node.value === null || typeof node.value === 'boolean') {
    const value = isScalar(node) ? node.value : null
    return refuse('KEY_REFUSED', node, { value, reason: 'keys must be text or numbers' })
  }
  const key = String(node.value)
  requireWellFormed(key, node)
  if (inherited.has(key)) refuse('KEY_REFUSED', node, { value: key, reason: 'the name is reserved by JavaScript' })
  return key
}

function scalar(node: Scalar, exact: boolean): unknown {
  if (typeof node.value === 'string') requireWellFormed(node.value, node)
  // As text, infinity can be stored as JSON. The only key that takes it is `update.clip`.
  if (node.value === Number.POSITIVE_INFINITY && node.source?.startsWith('.')) return '.inf'
  if (typeof node.value !== 'bigint') return node.value
  const double = Number(node.value)
  return exact && !Number.isSafeInteger(double) ? node.value.toString() : double
}

/** PostgreSQL cannot store NUL, and neither a database nor a file can store half of a surrogate pair. */
function requireWellFormed(text: string, node: Node): void {
  if (text.includes('\0')) refuse('TEXT_REFUSED', node, { reason: 'it contains the character NUL' })
  if (!isWellFormed(text)) refuse('TEXT_REFUSED', node, { reason: 'it contains half of a surrogate pair' })
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** The mistake has an offset in the text instead of a path, since a key may be a list. */
function refuse(code: SpecErrorCode, node: Node | null, details: Details): never {
  throw new Mistake(code, [], details, node?.range?.[0] ?? 0)
}
