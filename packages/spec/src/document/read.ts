import { nullIf } from '@driftfarm/formula'
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
} from 'yaml'
import { Mistake, type Part, type Place, type SpecErrorCode } from '../errors.ts'
import type { Details } from '../errorWords.ts'
import { limits } from '../limits.ts'
import { mistakesIn } from '../mistakes.ts'
import { PlainValues } from './plain.ts'
import type { Source } from './source.ts'
import { syntaxFault } from './syntax.ts'
import { composed, type Path } from './value.ts'

/**
 * Reads YAML 1.2 (core schema, no merge keys) or JSON into plain values. Integers that a double cannot represent are
 * kept as decimal strings below a key `seed`, and are rounded to doubles elsewhere. `name` is the name of the text in
 * errors: a file name or an option.
 */
export function readText(text: string, name: string): Source {
  return new TextSource(text, name, true, false)
}

/** Like `readText`, for a short text that does not come from a file. If `isSeed`, integers are kept exactly. */
export function readValue(text: string, name: string, isSeed: boolean): unknown {
  return new TextSource(text, name, false, isSeed).value
}

class TextSource implements Source {
  readonly value: unknown
  readonly #text: string
  readonly #name: string
  readonly #withLines: boolean
  /** Whether offsets in the text are offsets in what was written. */
  readonly #isVerbatim: boolean
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed<ParsedNode> | null = null

  constructor(written: string, name: string, withLines: boolean, isSeed: boolean) {
    const text = composed(written)
    this.#text = text
    this.#isVerbatim = text === written
    this.#name = name
    this.#withLines = withLines
    if (text.length > limits.bytes || new TextEncoder().encode(text).length > limits.bytes)
      throw this.#mistake(0, 'SPEC_TOO_LARGE', { limit: `${limits.bytes} bytes` })
    const document = this.#compose()
    this.#document = document
    try {
      this.value = new PlainValues().of(document.contents, isSeed)
    } catch (error) {
      const [mistake] = mistakesIn(error)
      throw mistake!.placed(this.#placeOf(mistake!.part as number))
    }
  }

  #compose(): Document.Parsed<ParsedNode> {
    const tokens = this.#tokens()
    const deep = tokens === null ? 0 : tooDeep(tokens)
    if (deep !== null) throw this.#mistake(deep, 'TOO_DEEP', { limit: `${limits.nesting} levels of nesting` })
    const composer = new Composer({
      version: '1.2',
      schema: 'core',
      merge: false,
      intAsBigInt: true,
      prettyErrors: false,
      logLevel: 'silent',
      // PlainValues finds duplicate keys in linear time and reports their places.
      uniqueKeys: false,
    })
    const [document, second] = [...composer.compose(tokens!, true, this.#text.length)] as Document.Parsed<ParsedNode>[]
    const error = document?.errors[0]
    if (error !== undefined) {
      // Most later errors are consequences of the first.
      const [start] = error.pos
      const [reason, hint, offset = start, fix] = syntaxFault(this.#text, error.code, error.message, start)
      throw this.#mistake(offset, 'SYNTAX', { reason, hint, fix: fix?.text }, fix)
    }
    if (document === undefined || document.contents === null || isEmpty(document.contents))
      throw this.#mistake(0, 'EMPTY')
    if (second !== undefined)
      throw this.#mistake(second.contents?.range[0] ?? 0, 'SYNTAX', {
        reason: 'the line --- begins a second document',
        hint: 'keep only one document per file',
      })
    return document
  }

  /** Null if the text is nested so deeply that the recursive parser exhausts the stack. */
  #tokens(): readonly CST.Token[] | null {
    return nullIf(RangeError, () => [...new Parser(this.#lines.addNewLine).parse(this.#text)])
  }

  #mistake(offset: number, code: SpecErrorCode, details?: Details, range?: Place['range']): Mistake {
    return new Mistake(code, [], details).placed(this.#placeOf(offset, range))
  }

  #placeOf(offset: number, range?: Place['range']): Place {
    const { line, col } = this.#lines.linePos(offset)
    return this.#withLines
      ? { source: this.#name, line: Math.max(line, 1), column: Math.max(col, 1), ...(this.#isVerbatim && { range }) }
      : { source: this.#name, line: null, column: null }
  }

  place(path: Path, part: Part): Place {
    const document = this.#document!
    let node: Node | null = document.contents
    let offset = startOf(node)
    let written: Node | null = null
    let beside: readonly string[] | undefined
    for (const [depth, key] of path.entries()) {
      written = null
      if (isAlias(node)) node = node.resolve(document) ?? null
      if (isSeq(node)) {
        node = (node.items[Number(key)] as Node | undefined) ?? null
        written = node
      } else if (isMap(node)) {
        const pair = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
        if (pair === undefined) break
        const isLast = depth === path.length - 1
        offset = startOf(pair.key as Node)
        if (isLast) written = (part === 'key' ? pair.key : pair.value) as Node | null
        if (isLast && part === 'key') beside = node.items.map(({ key }) => String(isScalar(key) ? key.value : key))
        node = (isLast && part === 'key' ? null : pair.value) as Node | null
      } else break
      if (node === null) break
      offset = startOf(node) ?? offset
    }
    if (typeof part === 'number') offset = this.#inside(node, offset ?? 0, part)
    const range = typeof part === 'number' ? { from: offset ?? 0, to: offset ?? 0 } : contentOf(written)
    return { ...this.#placeOf(offset ?? 0, range), beside }
  }

  /**
   * `part` is the index of a UTF-16 unit in the string of `node`. Returns the offset of this unit in the text. If the
   * string is written with escapes or folded lines, returns the offset where the string begins.
   */
  #inside(node: Node | null, offset: number, part: number): number {
    if (!isScalar(node) || typeof node.value !== 'string') return offset
    const start = offset + (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0)
    return this.#text.startsWith(node.value, start) ? start + part : offset
  }
}

/** The range of a scalar on one line, without its quotes. */
function contentOf(node: Node | null): Place['range'] {
  if (!isScalar(node) || !node.range || /^BLOCK/.test(node.type ?? '')) return undefined
  const quote = node.type === 'PLAIN' ? 0 : 1
  return { from: node.range[0] + quote, to: node.range[1] - quote }
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0]
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === ''
}

/**
 * Returns the offset of the first token nested too deeply. The walk is not recursive, so deep nesting cannot exhaust
 * the stack.
 */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > limits.nesting) return token.offset
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth })
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) open.push({ token: item.key, depth: depth + 1 })
        if (item.value) open.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return null
}
