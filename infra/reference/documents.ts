import { commands } from '@driftfarm/cli'
import { type DocumentShape, documents, jsonSchema, schemaName } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import { generated, page, paragraph, table } from './markdown.ts'

type Kind = keyof typeof documents

/** One sentence about each document. The commands that print it are listed after it. */
const is: Readonly<Record<Kind, string>> = {
  Best: 'The cell with the largest or smallest value of an estimate, and the cells that may be as good (`--best`).',
  Cell: 'One cell in full. Only over HTTP: `GET /api/v1/sweeps/SWEEP/cells/CELL`.',
  Cells:
    'The cells of a sweep in columns, with only the values that a map shows. Only over HTTP: ' +
    '`GET /api/v1/sweeps/SWEEP/cells`.',
  Comparison: 'A comparison of two sweeps, or of two parts of the trials of one sweep, estimate by estimate.',
  Curves: 'The probability that a trial has escaped by each step, with its confidence band (`--curve`).',
  DatabaseStatus: 'The version, the size and the connections of the database.',
  Doctor: 'What `doctor` found about the machine, the database and the queue, with a fix for each problem.',
  Error: 'The error of a command that failed, as one line on standard error. [Errors](errors.md) lists the codes.',
  Failures: 'Failed batches, grouped by cause. Only over HTTP: `GET /api/v1/failures`.',
  Farm: 'The leading coordinator, the other coordinators, and what each worker is computing.',
  Figure: 'A figure as data: its axes and what is drawn in them.',
  Fit: 'Formulas fitted to the estimates of the cells, with their coefficients (`results --fit`).',
  Imported: 'What an import of shard files added, and what is still missing.',
  Landscape: 'One preset landscape.',
  LandscapeList: 'All preset landscapes.',
  Minima: 'Minima and other critical points that descents found, and how often each was found.',
  NewToken: 'A new token, with its secret.',
  Observed: 'Observed values: means, quantiles and histograms, at their times and as series (`results --observed`).',
  Oracle: 'Exact values for a cell, or the reason why none are known.',
  Plan: 'What a run would compute: cells, trials, time and disk space, with checks of its assumptions.',
  Recent: 'What a farm did in the last ten minutes. Only over HTTP: `GET /api/v1/recent`.',
  Removed: 'A sweep that was removed.',
  Replica: 'One replica of splitting, recomputed and compared with the stored one.',
  Results: 'The results of a sweep: estimates with intervals, and checks of how far to trust them.',
  Rows: 'Recorded rows of trials (`--rows`), or the rows that an SQL statement returned.',
  Shard: 'A shard file that was written (`--shard`).',
  Status: 'The progress of a sweep, and whether the farm can continue it.',
  Submitted: 'A sweep that was submitted without waiting for its results (`--detach`).',
  SweepList: 'All sweeps, newest first.',
  Theorem: 'Theorem 1 for a cell: the premises and the bounds.',
  TokenList: 'The tokens of the HTTP API, without their secrets.',
  Trial: 'One trial, recomputed and compared with the stored one.',
  Verification:
    'The result of a successful verification of a sweep: no trial is missing, none counts twice, and recomputed ' +
    'trials match bit for bit. If the verification fails, the command prints an [error](errors.md) instead.',
  WatchEvent:
    'One line for each change of a sweep, without the envelope. Lines with the `type` `"status"` have the keys of ' +
    '[Status](#status). The last line has the `type` `"result"` and the keys of a [Results](#results) document.',
  Weighted: 'One weighted trial of a tilt, recomputed and compared with the stored one.',
}

/** The parts of JSON Schema that our schemas use. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly additionalProperties?: boolean | Schema
}

const decimal = '^[0-9]+$'

const schemaOf = (kind: Kind): Schema => jsonSchema(documents[kind] as DocumentShape) as Schema

/** The schema of `data` in the envelope; the whole schema if the document has no envelope. */
const dataOf = (kind: Kind): Schema => schemaOf(kind).properties?.data ?? schemaOf(kind)

const resultCell = inside(dataOf('Results'), 'cells')

/** Objects that several documents share: name, description, and the schema as one of these documents has it. */
const parts: readonly (readonly [name: string, about: string, schema: Schema])[] = [
  ['Sweep', 'The sweep that a document is about.', inside(dataOf('Results'), 'sweep')],
  ['Cell of results', 'A cell with its estimates.', resultCell],
  [
    'Counts',
    'The number of trials of a cell with each event. The keys of `exits` and similar objects are names from the spec.',
    inside(resultCell, 'counts'),
  ],
  ['Estimate', 'A probability, rate, time or cost, with its interval.', inside(resultCell, 'estimates')],
  ['Check', 'One check of whether an estimate can be trusted.', inside(resultCell, 'checks')],
  ['Finding', 'What the checks of several cells have in common.', inside(dataOf('Results'), 'findings')],
  ['Contrast', 'A comparison of two cells.', inside(dataOf('Results'), 'contrasts')],
  [
    'Crossing',
    'Where a probability crosses the requested value, on one line of a threshold search.',
    inside(dataOf('Results'), 'crossings'),
  ],
  ['State of the farm', 'Whether the farm can continue.', inside(dataOf('Status'), 'farm')],
]

/** The first object at a key, or in the list or mapping there. */
function inside(schema: Schema, key: string): Schema {
  const found = objectsIn(schema.properties![key]!)[0]
  if (found === undefined) throw new Error(`no object at ${key}`)
  return found
}

/** The object schemas of a value, or of the entries of a list or mapping. */
function objectsIn(schema: Schema): Schema[] {
  if (schema.properties !== undefined) return [schema]
  return [...(schema.anyOf ?? schema.oneOf ?? []), ...(schema.prefixItems ?? []), ...beside(schema)].flatMap(objectsIn)
}

function beside({ items, additionalProperties: more }: Schema): Schema[] {
  return [...(items === undefined ? [] : [items]), ...(typeof more === 'object' ? [more] : [])]
}

const sameAs = (schema: Schema): string => JSON.stringify({ ...schema, description: undefined })
const partNames = new Map([
  ...parts.map(([name, , schema]) => [sameAs(schema), name] as const),
  [sameAs(dataOf('Landscape')), 'Landscape'],
])
const partOf = (schema: Schema): string | undefined => partNames.get(sameAs(schema))

/** docs/reference/documents.md. */
export function documentReference(): string {
  return page([
    '# Documents',
    '',
    ...paragraph(
      'With this page you can look up every key of the JSON that commands print. With `--json`, a command prints one ' +
        'document on standard output: `{"schemaVersion": 1, "kind", "data", "warnings"}`. `kind` is one of the names ' +
        'below. `data` has the keys of its table. `warnings` is a list of sentences; without `--json` they are ' +
        'printed on standard error. A farm returns the same documents [over HTTP](http.md), and the ' +
        '[library](library.md) returns the same `data`. Each document has a complete JSON Schema (draft 2020-12) in ' +
        'the folder `docs/schema`, which also has the [schema of specs](../schema/spec.schema.json). The tables here ' +
        `show one level of nesting. ${generated}`,
    ),
    ...paragraph(
      'An integer that may exceed 2^53, up to which a double is exact, is a string of digits. The tables use these ' +
        'types:',
    ),
    ...table(
      ['type', 'meaning'],
      [
        ['integer', 'an integer that a double holds exactly'],
        ['decimal', 'a string of digits: an exact count, which may exceed 2^53'],
        ['integer or decimal', 'an integer up to 2^53; a larger one is a string of digits'],
        ['number', 'a double'],
        [
          'number or word',
          'a double, or one of the strings `"NaN"`, `"Infinity"`, `"-Infinity"`, which are not numbers in JSON',
        ],
        ['id', 'a string of 32 hexadecimal digits'],
        ['time', 'a string in ISO 8601 format, in UTC'],
        ['state', 'one of the [states of a sweep](life.md#sweep), as a string'],
        ['list of ..., map of ...', 'a JSON array; an object whose keys are names'],
        ['`"word"`', 'this string'],
        ['a link', 'an object that is described at the target of the link'],
      ],
    ),
    ...paragraph(
      'In the tables, `key?` may be absent. `key[]` is an entry of a list, `key.*` is an entry of a map, and ' +
        '`key.other` is a key of an object.',
    ),
    ...(Object.keys(is) as Kind[]).flatMap(documentLines),
    '## Shared objects',
    '',
    ...paragraph('These objects occur in several documents.'),
    ...parts.flatMap(([name, about, schema]) => [`### ${name}`, '', ...paragraph(about), ...keyTable([schema])]),
  ])
}

function documentLines(kind: Kind): string[] {
  const printed = documents[kind] as DocumentShape
  const by = commands.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => `\`${name}\``)
  const link = `[schema](../schema/${schemaName(printed)}.schema.json)`
  const about = [is[kind], ...(by.length === 0 ? [] : [`Printed by ${by.join(', ')}.`]), `See its ${link}.`]
  const data = dataOf(kind)
  return [`## ${kind}`, '', ...paragraph(about.join(' ')), ...(kind === 'WatchEvent' ? [] : keyTable(objectsIn(data)))]
}

type Row = readonly [key: string, type: string, meaning: string]

/** A table of the keys of alternative objects, with one level of nested keys. */
const keyTable = (objects: readonly Schema[]): string[] =>
  table(
    ['key', 'type', 'meaning'],
    keysOf(objects, '', 1).map(([key, ...rest]) => [`\`${key}\``, ...rest]),
  )

function keysOf(objects: readonly Schema[], before: string, depth: number): Row[] {
  const keys = [...new Set(objects.flatMap(({ properties }) => Object.keys(properties!)))]
  return keys.flatMap((key): Row[] => {
    const found = objects.flatMap(({ properties }) => properties![key] ?? [])
    const isAlways = objects.every(({ required = [] }) => required.includes(key))
    const row: Row = [`${before}${key}${isAlways ? '' : '?'}`, anyOf(found), meaningOf(found)]
    if (depth === 0) return [row]
    const inner = found.flatMap(objectsIn).filter((object) => partOf(object) === undefined)
    const place = `${before}${key}${placeOf(found[0]!)}.`
    const by = toldApartBy(inner)
    if (by === null) return [row, ...keysOf(inner, place, depth - 1)]
    return [row, ...inner.map((object) => alternative(object, by, place))]
  })
}

/** The description of a key; empty unless all alternatives describe it. */
function meaningOf(found: readonly Schema[]): string {
  const words = found.flatMap(({ description, pattern }) =>
    description === undefined || pattern === decimal ? [] : [description],
  )
  return words.length < found.length ? '' : [...new Set(words)].join(' ')
}

/** The key whose constant distinguishes alternative objects; null if no key does, or if there is only one object. */
function toldApartBy(objects: readonly Schema[]): string | null {
  if (objects.length < 2) return null
  const [first] = objects
  const keys = Object.keys(first!.properties!)
  return (
    keys.find((key) => {
      const words = objects.map(({ properties }) => wordsOf(properties![key]))
      return words.every(({ length }) => length > 0) && new Set(words.flat()).size === words.flat().length
    }) ?? null
  )
}

const wordsOf = (schema: Schema | undefined): readonly unknown[] =>
  schema?.enum ?? (schema?.const === undefined ? [] : [schema.const])

/** A row for one of several alternative objects: its distinguishing constant and its other keys. */
function alternative({ properties, required = [] }: Schema, by: string, place: string): Row {
  const keys = Object.keys(properties!).filter((key) => key !== by)
  const listed = keys.map((key) => `\`${key}${required.includes(key) ? '' : '?'}\``).join(', ')
  return [`${place}${by}`, typeOf(properties![by]!), keys.length === 0 ? '' : `Other keys: ${listed}.`]
}

/** The path to the objects of a value: an entry of a list, an entry of a map, or the value itself. */
function placeOf(schema: Schema): string {
  const value = (schema.anyOf ?? schema.oneOf ?? []).find((each) => each.type !== 'null') ?? schema
  if (value.items !== undefined || value.prefixItems !== undefined) return '[]'
  return value.properties === undefined && typeof value.additionalProperties === 'object' ? '.*' : ''
}

function typeOf(schema: Schema): string {
  const part = partOf(schema)
  if (part !== undefined) return `[${part}](#${part.toLowerCase().replaceAll(' ', '-')})`
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) return anyOf(alternatives)
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (JSON.stringify(schema.enum) === states) return 'state'
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ')
  if (Array.isArray(schema.type)) return anyOf(schema.type.map((type) => ({ type })))
  if (schema.prefixItems !== undefined) return `list [${schema.prefixItems.map(typeOf).join(', ')}]`
  if (schema.type === 'array') return `list of ${plural(schema.items)}`
  if (schema.properties !== undefined) return 'object'
  if (typeof schema.additionalProperties === 'object') return `map of ${plural(schema.additionalProperties)}`
  if (schema.pattern === decimal) return 'decimal'
  if (schema.pattern === '^[0-9a-f]{32}$') return 'id'
  if (schema.pattern?.startsWith('^\\d{4}-\\d\\d-\\d\\dT') === true) return 'time'
  return typeof schema.type === 'string' ? schema.type : 'any value'
}

const states = JSON.stringify(sweepStateNames)

/** Doubles that JSON cannot represent. */
const unbounded = ['NaN', 'Infinity', '-Infinity']
const isWord = ({ const: one, enum: some }: Schema): boolean =>
  unbounded.includes(one as string) || (some?.every((each) => unbounded.includes(each as string)) ?? false)

function anyOf(alternatives: readonly Schema[]): string {
  const flat = alternatives.flatMap((each) => each.anyOf ?? each.oneOf ?? [each])
  const [only] = flat
  if (flat.length === 1) return typeOf(only!)
  const types = flat.flatMap((each) => {
    if (isWord(each)) return ['word']
    const words = wordsOf(each)
    return words.length > 0 && partOf(each) === undefined
      ? words.map((word) => `\`${JSON.stringify(word)}\``)
      : [typeOf(each)]
  })
  return [...new Set(types)].join(' or ')
}

function plural(schema: Schema | undefined): string {
  if (schema === undefined) return 'any values'
  const type = typeOf(schema)
  if (schema.enum !== undefined && type !== 'state') return `the words ${type}`
  if (partOf(schema) !== undefined) return type
  return /^(integer|decimal|number|string|object|boolean|id|time|state)$/.test(type) ? `${type}s` : `(${type})`
}
