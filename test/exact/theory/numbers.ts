import { type DocumentShape, jsonSchema } from '@driftfarm/report'

/** What a document says, by path: laws are named, members of lists numbered. */
export type Leaves = ReadonlyMap<string, number | string>

/** The numbers and texts of a document; infinite numbers, which are printed as text, are numbers. */
export function leavesOf(value: unknown, path = ''): Leaves {
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return new Map([[path, Number(value)]])
  if (typeof value === 'number' || typeof value === 'string') return new Map([[path, value]])
  if (value === null || typeof value !== 'object') return new Map()
  const entries = Array.isArray(value)
    ? value.map((one, at) => [one?.applies === undefined ? String(at) : one.name, one] as const)
    : Object.entries(value)
  return new Map(entries.flatMap(([key, one]) => [...leavesOf(one, path === '' ? key : `${path}.${key}`)]))
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** The paths of all numbers that a cell of a document may have; `*` stands for any name or place. */
export function placesOf(printed: DocumentShape): ReadonlySet<string> {
  const { properties } = jsonSchema(printed) as Schema
  return new Set(placesIn(properties!.data!.properties!.cells!.items!, ''))
}

function placesIn(schema: Schema, path: string): readonly string[] {
  const { type, properties = {}, additionalProperties, items, anyOf = [] } = schema
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const members = [additionalProperties, items].filter((one) => typeof one === 'object')
  return [
    ...([type].flat().some((one) => one === 'number' || one === 'integer') ? [path] : []),
    ...anyOf.flatMap((one) => placesIn(one, path)),
    ...Object.entries(properties).flatMap(([key, one]) => placesIn(one, at(key))),
    ...members.flatMap((one) => placesIn(one, at('*'))),
  ]
}

/** Whether a path is at a place. */
export function isAt(path: string, place: string): boolean {
  const [names, parts] = [path.split('.'), place.split('.')]
  return names.length === parts.length && parts.every((part, at) => part === '*' || part === names[at])
}
