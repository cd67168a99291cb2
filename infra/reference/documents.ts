import { commands } from '@driftfarm/cli'
import { documents, jsonSchema, type Printed, schemaName } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import { generated, page, paragraph, table } from './markdown.ts'

type Kind = keyof typeof documents

/** What each document is, in a line; after it follow the commands that print it. */
const is: Readonly<Record<Kind, string>> = {
  Best: 'The cell with the largest, or smallest, value of an estimate, and which others may be as good (`--best`).',
  Cell: 'One cell with all that is known of it. Over HTTP alone: `GET /api/v1/sweeps/SWEEP/cells/CELL`.',
  Cells:
    'The cells of a sweep by columns, for maps: as little as a map shows. Over HTTP alone: ' +
    '`GET /api/v1/sweeps/SWEEP/cells`.',
  Comparison: 'Two sweeps, or two halves of the trials of one, estimate by estimate.',
  Curves: 'The probability that a trial has escaped by a step, step by step, with limits (`--curve`).',
  DatabaseStatus: 'The database: its version, its size, its connections.',
  Doctor: 'What was found of machine, database and queue, each with what mends it.',
  Error:
    'What a command that fails prints on standard error, in a line of its own. [Errors](errors.md) lists the codes.',
  Failures: 'Failures of batches by their cause. Over HTTP alone: `GET /api/v1/failures`.',
  Farm: 'Who leads, who works and at what.',
  Figure: 'A figure as data: its axes, and what is drawn in them.',
  Fit: 'Formulas through the estimates of cells, with their coefficients (`--fit` of `results`).',
  Imported: 'What files of shards brought, and what is still missing.',
  Landscape: 'One landscape that is shipped.',
  LandscapeList: 'All landscapes that are shipped.',
  Minima: 'Minima and other critical points that descents have found, and how often.',
  NewToken: 'A token that was made, with its secret.',
  Oracle: 'Values that are known exactly for a cell, or why there are none.',
  Plan: 'What a run would do: cells, trials, time, and checks of what it rests on.',
  Recent: 'What a farm was at within the last ten minutes. Over HTTP alone: `GET /api/v1/recent`.',
  Removed: 'A sweep that was removed.',
  Replica: 'One replica of splitting, computed again and compared with what is stored.',
  Results: 'The results of a sweep: estimates with intervals, and what the numbers are worth.',
  Rows: 'Kept rows of trials (`--rows`), or the rows of a statement of SQL.',
  Shard: 'A file of a shard that was written (`--shard`).',
  Status: 'How far a sweep is, and whether the farm can go on with it.',
  Submitted: 'A sweep that was handed in and is not waited for (`--detach`).',
  SweepList: 'All sweeps, the newest first.',
  Theorem: 'Theorem 1 for a cell: its premises and its bounds.',
  TokenList: 'The tokens of the HTTP API, without their secrets.',
  Trial: 'One trial, computed again and compared with what is stored.',
  Verification:
    'What was verified of a sweep: that no trial is missing, none counts twice, and all have their bits. ' +
    'Where that does ' +
    'not hold there is an [error](errors.md) in its place.',
  WatchEvent:
    'One line for each change of a sweep, without the envelope. `type` is `"status"` in lines with the keys of ' +
    '[Status](#status), and `"result"` in the last one, which is a [Results](#results) document beside it.',
  Weighted: 'One weighted trial of a tilt, computed again and compared with what is stored.',
}

/** As much of a JSON Schema as ours have. */
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

const schemaOf = (kind: Kind): Schema => jsonSchema(documents[kind] as Printed) as Schema

/** What stands in the envelope, or all where there is none. */
const dataOf = (kind: Kind): Schema => schemaOf(kind).properties?.data ?? schemaOf(kind)

const resultCell = inside(dataOf('Results'), 'cells')

/** What stands in several documents, told once: its name, and a place where it stands. */
const parts: readonly (readonly [name: string, about: string, schema: Schema])[] = [
  ['Sweep', 'A sweep of which a document tells.', inside(dataOf('Results'), 'sweep')],
  ['Cell of results', 'A cell with its estimates.', resultCell],
  [
    'Counts',
    'How many trials of a cell had which event. Keys of `exits` and the like are names of the spec.',
    inside(resultCell, 'counts'),
  ],
  ['Estimate', 'A probability, a rate, a time or a cost, with its interval.', inside(resultCell, 'estimates')],
  ['Check', 'An answer to "should I believe this?".', inside(resultCell, 'checks')],
  ['Finding', 'What checks of several cells say together.', inside(dataOf('Results'), 'findings')],
  ['Contrast', 'Two cells compared.', inside(dataOf('Results'), 'contrasts')],
  ['Crossing', 'Where a probability crosses a value, on one line of a search.', inside(dataOf('Results'), 'crossings')],
  ['State of the farm', 'Whether a farm can go on.', inside(dataOf('Status'), 'farm')],
]

/** The objects at a key, or in the list or the mapping there. */
function inside(schema: Schema, key: string): Schema {
  const found = objectsIn(schema.properties![key]!)[0]
  if (found === undefined) throw new Error(`no object at ${key}`)
  return found
}

/** The objects that a value is, or is a list or a mapping of. */
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
      `${generated} What \`--json\` prints is one document on standard output: ` +
        `` +
        `` +
        '`{"schemaVersion": 1, "kind", "data", "warnings"}`. `kind` is one of the names below, `data` has ' +
        'the keys of its table, and `warnings` is a list of sentences, which a table has below it on standard ' +
        'error. A farm answers with the ' +
        'same documents [over HTTP](http.md), and the library gives the same `data`. Each has a JSON Schema (draft ' +
        '2020-12), which is complete; the tables here go one level deep. ' +
        '[That of specs](../schema/spec.schema.json) stands beside them.',
    ),
    ...paragraph(
      'Numbers that may be beyond what a double holds exactly (2^53) are strings of digits. Types are written so:',
    ),
    ...table(
      ['type', 'is'],
      [
        ['integer', 'a whole number that a double holds exactly'],
        ['decimal', 'a string of digits: an exact count, which may be beyond 2^53'],
        ['integer or decimal', 'a number up to 2^53, beyond it a string of digits'],
        ['number', 'a double'],
        ['number or word', 'a double, or one of the strings `"NaN"`, `"Infinity"`, `"-Infinity"`, which JSON has not'],
        ['id', 'a string of 32 hex digits'],
        ['time', 'a string in ISO 8601, UTC'],
        ['state', 'a string: one of the [states of a sweep](life.md#sweep)'],
        ['list of ..., map of ...', 'a JSON array; an object whose keys are names'],
        ['`"word"`', 'this string'],
        ['a link', 'an object that is described there'],
      ],
    ),
    ...paragraph(
      '`key?` may be absent. `key[]` is an entry of a list, `key.*` one of a map, and `key.other` a key of an object.',
    ),
    ...(Object.keys(is) as Kind[]).flatMap(documentLines),
    '## Parts',
    '',
    ...paragraph('Objects that stand in several documents.'),
    ...parts.flatMap(([name, about, schema]) => [`### ${name}`, '', ...paragraph(about), ...keyTable([schema])]),
  ])
}

function documentLines(kind: Kind): string[] {
  const printed = documents[kind] as Printed
  const by = commands.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => `\`${name}\``)
  const link = `[schema](../schema/${schemaName(printed)}.schema.json)`
  const about = [is[kind], ...(by.length === 0 ? [] : [`Printed by ${by.join(', ')}.`]), `Its ${link}.`]
  const data = dataOf(kind)
  return [`## ${kind}`, '', ...paragraph(about.join(' ')), ...(kind === 'WatchEvent' ? [] : keyTable(objectsIn(data)))]
}

type Row = readonly [key: string, type: string, meaning: string]

/** The keys of objects, which are alternatives, and one level of what stands in them. */
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

/** The words of a key; what only some alternatives say of it is not said of all. */
function meaningOf(found: readonly Schema[]): string {
  const words = found.flatMap(({ description, pattern }) =>
    description === undefined || pattern === decimal ? [] : [description],
  )
  return words.length < found.length ? '' : [...new Set(words)].join(' ')
}

/** The key whose words tell alternatives apart; null where there is none, or one object alone. */
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

/** One of several objects that stand at the same place, by its word, with its other keys. */
function alternative({ properties, required = [] }: Schema, by: string, place: string): Row {
  const keys = Object.keys(properties!).filter((key) => key !== by)
  const listed = keys.map((key) => `\`${key}${required.includes(key) ? '' : '?'}\``).join(', ')
  return [`${place}${by}`, typeOf(properties![by]!), keys.length === 0 ? '' : `Beside it: ${listed}.`]
}

/** How the objects of a value are reached: as entries of a list, of a map, or directly. */
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

/** Doubles that JSON lacks. */
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
