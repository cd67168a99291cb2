import { isMapping } from './document/value.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Mapping = { readonly [key: string]: Json }

const longest = 32

export type SettingValue = number | string | boolean | null

/**
 * The settings of a resolved cell, or of some of its parts, by their paths in a spec. A list or a mapping is given as
 * its JSON text.
 */
export function plainSettings(cell: unknown): ReadonlyMap<string, SettingValue> {
  const plain = (value: Json): SettingValue =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  return new Map([...settingValues(cell)].map(([path, value]) => [path, plain(value)]))
}

/**
 * The settings of a resolved cell, by their paths in a spec. Names and expressions are replaced by their
 * numbers, and defaults are filled in.
 *
 *     settingsOf(JSON.parse(canonical)).get('update.eta') // '0.1'
 */
export function settingsOf(cell: unknown): ReadonlyMap<string, string> {
  return new Map([...settingValues(cell)].map(([path, value]) => [path, text(value)]))
}

function settingValues(cell: unknown): ReadonlyMap<string, Json> {
  const settings = new Map<string, Json>()
  const { update, ...rest } = cell as Mapping
  read(rest, '', settings)
  if (update === undefined) return settings
  const { rule, eta, drift, ...changes } = update as Mapping
  read(rule!, 'update.rule', settings, 'update')
  read(eta!, 'update.eta', settings)
  read(changes, 'update', settings)
  const drifts = drift as readonly Mapping[]
  if (drifts.length === 0) settings.set('update.drift', 'none')
  drifts.forEach((one, at) => {
    readDrift(one, drifts.length === 1 ? 'update.drift' : `update.drift.${at}`, settings)
  })
  return settings
}

/**
 * A mapping of a kind listed here is replaced by the value of the key given here. For example, a mapping with the kind
 * `constant` is replaced by its `value`.
 */
const stands: Readonly<Record<string, string>> = { constant: 'value', point: 'point', exits: 'exits' }

/** `scale` is the name of the setting for `amount`, the amount of noise. */
function readDrift({ scale, amount, ...drift }: Mapping, path: string, settings: Map<string, Json>): void {
  const name = typeof scale === 'string' ? scale : drift.form === 'flip' ? 'q' : 'sigma'
  read(drift, path, settings)
  read(amount!, `${path}.${name}`, settings)
}

/** The `kind` of a mapping becomes the setting `path`. Every other KEY becomes the setting `inside.KEY`. */
function read(value: Json, path: string, settings: Map<string, Json>, inside = path): void {
  const under = (key: string) => (inside === '' ? key : `${inside}.${key}`)
  if (isPairs(value)) {
    for (const [name, one, every] of value) {
      const at = name === '' ? path : under(name)
      read(one, at, settings)
      if (every !== undefined) settings.set(`${at}.every`, every)
    }
    return
  }
  if (!isMapping(value)) {
    settings.set(path, value)
    return
  }
  const { kind, ...rest } = value
  const whole = stands[String(kind)]
  if (whole !== undefined) {
    read(rest[whole]!, path, settings)
    return
  }
  if (kind !== undefined) settings.set(path, kind)
  for (const [key, one] of Object.entries(rest)) read(one, under(key), settings)
}

/**
 * A list of `[name, value]` rows stands for a mapping whose order has a meaning. The row of a condition may also have
 * its `every`.
 */
function isPairs(value: Json): value is readonly (readonly [name: string, value: Json, ...every: Json[]])[] {
  const isRow = (row: Json) =>
    Array.isArray(row) && typeof row[0] === 'string' && (row.length === 2 || typeof row[2] === 'number')
  return Array.isArray(value) && value.length > 0 && value.every(isRow)
}

function text(value: Json): string {
  const whole = value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 1)}…`
}
