import type { Completion, CompletionResult } from '@codemirror/autocomplete'
import { presets, specSchema } from '@driftfarm/spec'
import { isPair, isSeq, type Node, parseDocument, visit } from 'yaml'
import { leavesOf } from '../../parts/leaves.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly type?: string
  readonly description?: string
}

type Path = readonly (string | number)[]

/** Longer texts, such as long lists of points, take longer to read than the time between two keys. */
export const maxRead = 100_000

/** A word that no spec contains. It marks the place of the cursor in the parsed text. */
const mark = 'zzcursorzz'

/**
 * The keys or values that can be written at a place of a spec. What is written for a key includes the colon. Returns
 * null if nothing is known about the place, for example in a comment or in an expression.
 */
export function suggestionsAt(text: string, offset: number): CompletionResult | null {
  if (text.length > maxRead) return null
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const from = offset - /[\w.-]*$/.exec(line)![0].length
  const before = text.slice(0, from)
  const [above, after] = [line.slice(0, line.length - (offset - from)), text.slice(offset).replace(/^[\w.-]*/, '')]
  if (/(^|\s)#/.test(above) || /(["'])[^"']*$/.test(above.replace(/(["'])[^"']*\1/g, ''))) return null
  const bracket = openBracket(before)
  const mayBeKey = bracket === '{' ? /[{,]\s*$/.test(before) : bracket === '' && /^\s*(- +)*$/.test(above)
  const hasColon = /^\s*:/.test(after)
  if (mayBeKey) {
    const place = placeOf(`${before}${mark}${hasColon ? '' : ': 0'}${after}`, 'key')
    const options = place === null ? [] : keysAt(place.root, place.path, hasColon ? '' : ': ')
    if (options.length > 0) return { from, options }
  }
  if (!(bracket === '[' || /(:|-)\s+$/.test(above))) return null
  const place = placeOf(`${before}${mark}${after}`, 'value')
  const options = place === null ? [] : valuesAt(place.root, place.path)
  return options.length > 0 ? { from, options } : null
}

/** The innermost bracket that is open at the end of `text`; empty in block style. Brackets in strings count, too. */
function openBracket(text: string): string {
  let depth = 0
  for (let at = text.length - 1; at >= 0; at--) {
    const one = text[at]!
    if (one === ']' || one === '}') depth++
    else if ((one === '[' || one === '{') && --depth < 0) return one
  }
  return ''
}

interface Place {
  readonly root: unknown
  /** Path of the mapping that contains the marked key, or path of the marked value. */
  readonly path: Path
}

function placeOf(text: string, where: 'key' | 'value'): Place | null {
  const document = parseDocument(text, { logLevel: 'silent' })
  let found: Path | null = null
  visit(document, {
    Scalar(role, { value }, ancestors) {
      if (value !== mark || (role === 'key') !== (where === 'key')) return undefined
      const all = [...ancestors] as Node[]
      found = all.flatMap((node, at): Path => {
        const next = all[at + 1]
        if (isPair(node))
          return where === 'key' && next === undefined ? [] : [String((node.key as { value?: unknown }).value)]
        return isSeq(node) ? [next === undefined ? Number(role) : node.items.indexOf(next)] : []
      })
      return visit.BREAK
    },
  })
  return found === null ? null : { root: document.toJS({ maxAliasCount: 10 }), path: found }
}

const root = specSchema() as Schema

const branchesOf = (schema: Schema): readonly Schema[] => [schema, ...(schema.anyOf ?? []).flatMap(branchesOf)]

function schemasAt(path: Path): readonly Schema[] {
  // A value on an axis has the schema of the setting that is swept.
  if (path[0] === 'sweep' && path.length === 3 && typeof path[2] === 'number')
    return schemasAt(String(path[1]).split('.'))
  return path.reduce<readonly Schema[]>(
    (schemas, key) =>
      schemas.flatMap(branchesOf).flatMap(({ properties = {}, additionalProperties, items }) => {
        const next = typeof key === 'number' ? items : (properties[key] ?? additionalProperties)
        return next ? [next] : []
      }),
    [root],
  )
}

function keysAt(document: unknown, path: Path, end: string): readonly Completion[] {
  const mapping = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], document)
  const written = new Set(Object.keys((mapping ?? {}) as object))
  const known = new Map<string, string | undefined>()
  for (const { properties = {} } of schemasAt(path).flatMap(branchesOf))
    for (const [key, { description }] of Object.entries(properties)) known.set(key, known.get(key) ?? description)
  if (path.length === 1 && path[0] === 'sweep')
    for (const setting of sweepable(document)) known.set(setting, aboutOf(setting.split('.')))
  return [...known]
    .filter(([key]) => !written.has(key))
    .map(([label, info]) => ({ label, apply: `${label}${end}`, ...(info && { info }) }))
}

const aboutOf = (path: Path): string | undefined =>
  schemasAt(path).find(({ description }) => description !== undefined)?.description

/** The paths of all numbers and words of the cell. */
export function sweepable(document: unknown): readonly string[] {
  const { let: names, landscape, start, update, trial } = (document ?? {}) as Record<string, unknown>
  return leavesOf({ let: names, landscape, start, update, trial }).flatMap(([path, value]) =>
    value == null || Array.isArray(value) ? [] : [path],
  )
}

function valuesAt(document: unknown, path: Path): readonly Completion[] {
  if (path.at(-1) === 'minimum') return minimaOf(document).map((label) => ({ label }))
  const words = schemasAt(path)
    .flatMap(branchesOf)
    .flatMap(({ enum: some = [], const: only, type }) => [
      ...some,
      ...(only === undefined ? [] : [only]),
      ...(type === 'boolean' ? [true, false] : []),
    ])
  const named = path.join('.') === 'landscape.preset' ? presets : []
  return [...new Set(words.map(String))].map((label) => {
    const info = named.find(({ name }) => name === label)?.summary
    return { label, ...(info && { info }) }
  })
}

/** The names of the minima of the landscape in a document. */
export function minimaOf(document: unknown): readonly string[] {
  const { landscape } = (document ?? {}) as {
    landscape?: { preset?: unknown; minima?: object; formula?: { minima?: object } }
  }
  const preset = presets.find(({ name }) => name === landscape?.preset)
  return [preset?.minima, landscape?.minima, landscape?.formula?.minima].flatMap((minima) => Object.keys(minima ?? {}))
}
