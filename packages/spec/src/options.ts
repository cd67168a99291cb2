import { parseDocument, stringify } from 'yaml'
import { axisForms, sweptNames } from './axes/forms.ts'
import { readText, readValue } from './document/read.ts'
import { patchedSource, type Source } from './document/source.ts'
import { isMapping, type Mapping, type Path, withValue } from './document/value.ts'
import { Mistake } from './errors.ts'
import type { ExternalAccess } from './field/sharedResources.ts'
import { canonicalJson } from './identity.ts'
import { documentSchema } from './schema/spec.ts'
import { placeOf } from './words/unknownKey.ts'

/** Settings from the command line that complete or change a spec. */
export interface SpecOptions extends ExternalAccess {
  /** The name of the spec in errors. The default name of the sweep is derived from this name. */
  readonly fileName: string
  /** Pairs [path, YAML text of the value], applied in order. */
  readonly set?: readonly (readonly [path: string, value: string])[]
  /** Replaces `trials`, `until` and `budget` of the spec. */
  readonly trials?: number | undefined
}

const inherited = new Set(['__proto__', 'constructor', 'prototype'])

export function withOptions(base: Source, { set = [], trials }: SpecOptions): Source {
  let source = base
  for (const [pathText, valueText] of set) source = withSet(source, pathText, valueText)
  if (trials === undefined) return source
  const { until: _, budget: __, ...rest } = source.value as Record<string, unknown>
  const method = rest.method === undefined ? {} : { method: withoutReplicas(rest.method) }
  return patched(source, { ...rest, ...method, trials }, ['trials'], optionSource(`--trials ${trials}`, trials))
}

/** Removes `replicas` from the method, because `--trials` sets the number of replicas if all cells use splitting. */
function withoutReplicas(method: unknown): unknown {
  if (!isMapping(method) || !isMapping(method.splitting)) return method
  const { replicas: _, ...splitting } = method.splitting
  return { splitting }
}

function withSet(source: Source, pathText: string, valueText: string): Source {
  const option = `--set ${pathText}=${valueText}`
  const fail = (mistake: Mistake): never => {
    throw mistake.placed({ source: option, line: null, column: null })
  }
  const path = settingPath(pathText)
  if (path.some((key) => key === '' || inherited.has(String(key)))) {
    fail(new Mistake('OPTION', [], { value: pathText, reason: 'this is not a path' }))
  }
  const home = path.length > 1 || Object.hasOwn(documentSchema.shape, pathText) ? undefined : placeOf(pathText)
  if (home?.includes('.'))
    fail(new Mistake('UNKNOWN_PATH', path, { word: pathText, hint: `write --set ${home}=${valueText}` }))
  const value = readValue(valueText, option, path.includes('seed'))
  if (typeof value === 'string' && numbers.test(value)) {
    const list = `[${value
      .trim()
      .split(/\s*,\s*/)
      .join(', ')}]`
    const isList = /^(sweep|start)\b/.test(pathText)
    const hint = isList ? `write "${pathText}=${list}"` : `to sweep these values, write "sweep.${pathText}=${list}"`
    fail(new Mistake('OPTION', path, { value, reason: 'a list has brackets', hint }))
  }
  if (sweptNames(source.value as Mapping).has(pathText)) fail(new Mistake('SWEPT', path, { word: pathText, value }))
  const made = withValue(source.value, path, value)
  if ('path' in made) {
    return fail(
      new Mistake('UNKNOWN_PATH', path, {
        word: pathText,
        hint: `${made.path.join('.')} has no keys that could be set`,
      }),
    )
  }
  return patched(source, made.value, path, optionSource(option, value))
}

/** Two numbers or more with commas between them, but without brackets. */
const numbers = /^\s*[-+]?\.?\d[\w.+-]*(\s*,\s*[-+]?\.?\d[\w.+-]*)+\s*$/

/** Reads the path of a setting. Keys of `sweep` contain dots: `sweep.update.eta` is the key `update.eta` of `sweep`. */
export function settingPath(text: string): Path {
  const axis = text.startsWith('sweep.') ? text.slice('sweep.'.length) : null
  return axis === null || axisForms.includes(axis.split('.')[0]!) ? text.split('.') : ['sweep', axis]
}

function patched(base: Source, value: unknown, path: Path, source: Source): Source {
  return patchedSource(value, base, [{ path, source, at: [] }])
}

function optionSource(option: string, value: unknown): Source {
  return { value, place: () => ({ source: option, line: null, column: null }) }
}

/**
 * The text of a spec with the values of the options written into it, so that the text describes the complete request.
 * All other values are preserved, and so are comments if the text can be edited in place. Without options, the text is
 * returned unchanged. Like `parseSweep`, throws Mistakes if the options cannot be applied.
 */
export function specTextWithOptions(text: string, { set = [], trials }: Pick<SpecOptions, 'set' | 'trials'>): string {
  if (set.length === 0 && trials === undefined) return text
  const { value } = withOptions(readText(text, 'spec'), { fileName: 'spec', set, trials })
  const edited = edit(text, set, trials)
  const isSame = edited !== null && canonicalJson(readText(edited, 'spec').value) === canonicalJson(value)
  return isSame ? edited : stringify(value)
}

/** Null if a place cannot be edited, for example inside an alias. */
function edit(text: string, set: NonNullable<SpecOptions['set']>, trials: number | undefined): string | null {
  const reading = { version: '1.2', schema: 'core', merge: false, intAsBigInt: true, logLevel: 'silent' } as const
  const document = parseDocument(text, reading)
  try {
    for (const [path, value] of set) document.setIn(settingPath(path), parseDocument(value, reading).contents)
    if (trials !== undefined) {
      for (const key of ['until', 'budget']) document.delete(key)
      if (document.hasIn(['method', 'splitting', 'replicas'])) document.deleteIn(['method', 'splitting', 'replicas'])
      document.set('trials', trials)
    }
    return document.toString({ lineWidth: 0 })
  } catch {
    return null
  }
}
