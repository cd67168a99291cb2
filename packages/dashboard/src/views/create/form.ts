import { lawNames, numberedLaws } from '@driftfarm/spec'
import { parsedSpec, type SpecChange } from '../../compute/changeSpec.ts'
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
  /** A shipped landscape; null for any other. */
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
  const preset = valueAt(document, 'landscape.preset')
  return {
    document,
    preset: presets.some(({ name }) => name === preset) ? String(preset) : null,
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
  path.split('.').reduce((value, key) => (isMapping(value) ? value[key] : undefined), document)

/** What a reader typed in a field as the value of a setting: a number, or an expression; undefined if it is neither. */
export function settingOf(typed: string): unknown {
  const text = typed.trim()
  if (/^=\s*\S/.test(text)) return text
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
}

export const lawChoices = lawNames.map((name) => [name, name] as const)

/** A distribution with a parameter, such as student, gets a value for it; the parameters of the others are removed. */
export const changesOfLaw = (law: string): readonly SpecChange[] => [
  { path: 'update.drift.law', value: law },
  ...numberedLaws.map(({ name, key }) => ({
    path: `update.drift.${key}`,
    value: name === law ? usual[name] : undefined,
  })),
]

const usual: Readonly<Record<string, number>> = { student: 3, stable: 1.5 }

/** Another landscape comes with a start, an event and noise at which some trials escape and some stay. */
export function changesOfLandscape({ axes }: Form, name: string): readonly SpecChange[] {
  const { start, escape, eta, sigma, steps } = presetNamed(name)
  const settings = { 'update.eta': eta, 'update.drift.sigma': sigma, 'trial.steps': steps }
  return [
    { path: 'landscape', value: { preset: name } },
    { path: 'start', value: { minimum: start } },
    { path: 'trial.escape', value: escape },
    ...Object.entries(settings).map(([path, value]) => ({ path, value })),
    ...axes.flatMap(({ path }): readonly SpecChange[] => {
      const value = settings[path as keyof typeof settings]
      if (value !== undefined) return [{ path: `sweep.${path}`, value: rangeAround(path, value) }]
      return /^(landscape|start)\./.test(path) ? [{ path: `sweep.${path}`, value: undefined }] : []
    }),
  ]
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

/** The settings in which two specs differ, by their paths. Null for a setting that one of them does not have. */
export function differences(
  before: string,
  after: string,
): readonly (readonly [path: string, old: string | null, now: string | null])[] {
  const [old, now] = [before, after].map((text) => new Map(leavesOf(plainOf(text) ?? {})))
  const textAt = (leaves: typeof old, path: string): string | null => {
    const value = leaves?.get(path)
    return value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)
  }
  return [...new Set([...old!.keys(), ...now!.keys()])]
    .map((path) => [path, textAt(old, path), textAt(now, path)] as const)
    .filter(([, one, other]) => one !== other)
}
