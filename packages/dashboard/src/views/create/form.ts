import { defaultReplicas, numberedLaws, settingPath } from '@driftfarm/spec'
import { parsedSpec, type SpecChange } from '../../compute/changeSpec.ts'
import { firstSpec } from '../../compute/draft.ts'
import { presetNamed, presets } from '../../compute/playSpec.ts'
import { isMapping, leavesOf } from '../../parts/leaves.ts'
import { maxRead, sweepable } from './suggestions.ts'

/** A range or a list on an axis of the sweep. */
export interface Axis {
  readonly path: string
  /** Null if the text has something that the form cannot show. */
  readonly values: Ranged | readonly unknown[] | null
}

export interface Ranged {
  readonly from: unknown
  readonly to: unknown
  readonly count: unknown
  readonly scale?: unknown
}

/** What the form reads in a spec. */
export interface Form {
  /** The document as plain values. */
  readonly document: Readonly<Record<string, unknown>>
  /** A shipped landscape, or `ownFormula`; null for any other. */
  readonly preset: string | null
  readonly axes: readonly Axis[]
  /** Settings that another axis may sweep. */
  readonly free: readonly string[]
}

/** Returns null if the text is not valid YAML, not a mapping or too long. */
export function formOf(text: string): Form | null {
  const document = text.length > maxRead ? null : plainOf(text)
  if (document === null) return null
  const sweep = document.sweep
  const axes = isMapping(sweep) ? Object.entries(sweep).map(([path, values]) => axisOf(path, values)) : []
  const preset = isMapping(valueAt(document, 'landscape.formula'))
    ? ownFormula
    : presets.find(({ name }) => name === valueAt(document, 'landscape.preset'))?.name
  return {
    document,
    preset: preset ?? null,
    axes,
    free: sweepable(document).filter(
      (path) => typeof valueAt(document, path) === 'number' && !axes.some((axis) => axis.path === path),
    ),
  }
}

export function plainOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const document: unknown = parsedSpec(text).toJS({ maxAliasCount: 10 })
    return isMapping(document) ? document : null
  } catch {
    return null
  }
}

function axisOf(path: string, values: unknown): Axis {
  if (Array.isArray(values)) return { path, values: values.every((one) => typeof one !== 'object') ? values : null }
  const isRange = isMapping(values) && Object.keys(values).every((key) => /^(from|to|count|scale)$/.test(key))
  return { path, values: isRange ? (values as unknown as Ranged) : null }
}

export const valueAt = (document: unknown, path: string): unknown =>
  settingPath(path).reduce((value, key) => (isMapping(value) ? value[key] : undefined), document)

/** What a reader typed in a field as the value of a setting: a number, or an expression; undefined if it is neither. */
export function settingOf(typed: string): unknown {
  const text = typed.trim()
  if (/^=\s*\S/.test(text)) return text
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
}

/** Words stay words, so that distributions can be listed, too. */
export function listOf(typed: string): readonly unknown[] | undefined {
  const parts = typed.split(',').map((part) => part.trim())
  return parts.some((part) => part === '') ? undefined : parts.map((part) => settingOf(part) ?? part)
}

/** A distribution with a parameter, such as student, gets a value for it; the parameters of the others are removed. */
export const changesOfLaw = (law: string): readonly SpecChange[] => [
  { path: 'update.drift.law', value: law },
  ...numberedLaws.map(({ name, key }) => ({
    path: `update.drift.${key}`,
    value: name === law ? usual[name] : undefined,
  })),
]

const usual: Readonly<Record<string, number>> = { student: 3, stable: 1.5 }

/** The choice of a landscape that is not a preset. */
export const ownFormula = 'own formula'
const firstFormula = { variables: ['x'], expression: '(x^2 - 1)^2/4' }

/** A start, an event, noise and axes at which some trials of a landscape escape and some stay. */
function proposalsOf(name: string): Readonly<Record<string, unknown>> {
  const { start, escape, eta, sigma, steps } = presetNamed(name)
  const settings = { 'update.eta': eta, 'update.drift.sigma': sigma, 'trial.steps': steps }
  const axes = Object.entries(settings).map(([path, value]) => [`sweep.${path}`, rangeAround(path, value)])
  const place = name === ownFormula ? [-1] : { minimum: start }
  return { start: place, 'trial.escape': escape, ...settings, ...Object.fromEntries(axes) }
}

/**
 * Another landscape comes with its proposals. They replace those of the last landscape, but nothing that the reader
 * chose. A formula of one's own keeps step size, noise and axes.
 */
export function changesOfLandscape({ axes, document, preset }: Form, name: string): readonly SpecChange[] {
  const isOwn = name === ownFormula
  // A formula of one's own may have kept the settings of any landscape.
  const before = [ownFormula, ...presets.map((each) => each.name)].filter((each) =>
    [each, ownFormula].includes(preset!),
  )
  const known = [...before.map(proposalsOf), ...(before.includes('double-well') ? [plainOf(firstSpec)] : [])]
  const isReplaced = (path: string): boolean => {
    const value = valueAt(document, path)
    if (value === undefined) return !path.startsWith('sweep.') && document[path.split('.')[0]!] === undefined
    if (path === 'start' && valueAt(value, 'minimum') !== undefined) return true
    if (isOwn && path !== 'start' && path !== 'trial.escape') return false
    return known.some((each) => JSON.stringify(each?.[path] ?? valueAt(each, path)) === JSON.stringify(value))
  }
  return [
    { path: 'landscape', value: isOwn ? { formula: firstFormula } : { preset: name } },
    ...Object.entries(proposalsOf(name)).flatMap(([path, value]) => (isReplaced(path) ? [{ path, value }] : [])),
    ...axes.flatMap(({ path }) =>
      /^(landscape|start)\./.test(path) ? [{ path: `sweep.${path}`, value: undefined }] : [],
    ),
  ]
}

/** The settings of a formula of one's own that proposals would replace if it is chosen again. */
export const keptFormula = ({ document }: Form): readonly SpecChange[] =>
  ['landscape', 'start', 'trial.escape'].map((path) => ({ path, value: valueAt(document, path) }))

export const methodChoices = [
  ['direct', 'direct trials'],
  ['splitting', 'rare events (splitting)'],
  ['both', 'both, to compare them'],
] as const

/** The method that counts escapes. `kind` is null if the text has another one, such as a tilt. */
export function methodOf({ method = 'direct', trials }: Form['document']) {
  const [kind, written] = isMapping(method) ? (Object.entries(method)[0] ?? []) : [method]
  const settings = isMapping(written) ? written : {}
  const { replicas = (kind === 'splitting' && trials) || defaultReplicas, particles = 1000 } = settings
  return { kind: methodChoices.find(([name]) => name === kind)?.[0] ?? null, settings, replicas, particles }
}

/** The last settings of each method, so that a method that is chosen again has them. */
export type KeptMethod = Partial<Readonly<Record<'trials' | 'until', unknown> & { settings: object }>>

export function keptMethod(earlier: KeptMethod, { document }: Form): KeptMethod {
  const { kind, settings } = methodOf(document)
  const { trials, until } = document.trials === undefined && document.until === undefined ? earlier : document
  return { trials, until, settings: isMapping(document.method) && kind !== null ? settings : (earlier.settings ?? {}) }
}

/** `trials` counts direct trials only. */
export function changesOfMethod(form: Form, kind: string, changed: object = {}, earlier: KeptMethod = {}) {
  const { kind: old, replicas, particles } = methodOf(form.document)
  const { settings, trials, until } = keptMethod(earlier, form)
  const usual = { particles, replicas: old === null ? defaultReplicas : replicas }
  const value = { [kind]: { ...usual, ...settings, ...changed } }
  const isDirect = kind !== 'splitting'
  return [
    { path: 'method', value: kind === 'direct' ? undefined : value },
    { path: 'trials', value: isDirect ? (trials ?? (until === undefined ? 10_000 : undefined)) : undefined },
    ...(isDirect && form.document.until !== undefined ? [] : [{ path: 'until', value: isDirect ? until : undefined }]),
  ] satisfies readonly SpecChange[]
}

/** The values of a new axis. */
export function rangeAround(path: string, value: unknown): Ranged {
  const base = typeof value === 'number' ? value : 1
  if (base === 0) return { from: 0, to: 1, count: 5 }
  if (/(steps|batch|dimension|every|samples)$/.test(path)) {
    const from = Math.max(1, Math.round(base / 2))
    return { from, to: 3 * from, count: 3 }
  }
  return { from: base / 2, to: base * 2, count: 5, ...(base > 0 && { scale: 'log' }) }
}

/** The settings in which two specs differ: path, old and new value. A setting that a spec does not have is null. */
export function differences(before: string, after: string) {
  const [old, now] = [before, after].map((text) => new Map(leavesOf(plainOf(text) ?? {})))
  const textAt = (leaves: typeof old, path: string): string | null => {
    const value = leaves?.get(path)
    return value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)
  }
  return [...new Set([...old!.keys(), ...now!.keys()])]
    .map((path) => [path, textAt(old, path), textAt(now, path)] as const)
    .filter(([, one, other]) => one !== other)
}
