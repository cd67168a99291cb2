import { settingsOf } from '@driftfarm/spec'
import { count, decimal, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { paramTitles } from '../format/label.ts'
import { countText, short } from '../format/quantity.ts'
import { type RecordColumn, renderColumns, type TableOptions, uncoloured } from '../format/table.ts'
import { texts } from '../format/text.ts'
import { define } from './define.ts'
import { descriptionKeys, idShape, rangeShape, stateShape, timeShape, widestShape } from './fields.ts'

const settingsShape = z.array(z.strictObject({ path: z.string(), value: z.string() }))

const lineShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  cells: count,
  failed: z.exactOptional(count.describe('Cells with batches that failed on every attempt.')),
  trialsDone: decimal,
  /** Number of requested trials; an upper limit if there is a stopping rule. */
  trialsRequested: decimal,
  submittedAt: timeShape,
  stopsByRule: z.boolean(),
  worst: widestShape.describe(
    'The cell whose interval was widest relative to its estimate when this field was last updated.',
  ),
  tags: z.record(z.string(), z.string()).describe('Tags of the spec, or those that replaced them.'),
  ...descriptionKeys,
  landscape: z.exactOptional(z.string().describe('The name of the preset, the formula, or the layers of the network.')),
  axes: z.exactOptional(z.array(rangeShape).describe('The swept paths, in order.')),
  submittedBy: z.exactOptional(z.string().describe('Name of the token that submitted the sweep first.')),
  finishedAt: z.exactOptional(timeShape),
  cpuSeconds: z.exactOptional(nonNegative.describe('Thread time of the trials that count.')),
  newest: z
    .boolean()
    .describe('Whether this is the newest sweep of its name. In commands, the name means the newest sweep.'),
  differs: settingsShape.describe(
    'Settings in which the newest five sweeps of the same name differ, with their values in this sweep. Empty if ' +
      'this sweep is not one of these five, or if no other sweep has the name.',
  ),
  settings: z
    .exactOptional(settingsShape)
    .describe(
      'The law of the noise, and fixed settings in which the newest 100 sweeps with this landscape differ, with their' +
        ' values in this sweep: at most 8, words before numbers.',
    ),
})
type ListedSweep = Plain<z.infer<typeof lineShape>>
type DifferingSetting = ListedSweep['differs'][number]

const sweepListShape = z.strictObject({ sweeps: z.array(lineShape) })
export type SweepListData = Plain<z.infer<typeof sweepListShape>>

/** Returns `before` with the changed sweeps replaced. `order` has the ids of all sweeps if it differs from before. */
export function mergedSweeps(
  { sweeps }: SweepListData,
  changed: SweepListData = { sweeps: [] },
  order: readonly string[] = sweeps.map(({ id }) => id),
): SweepListData {
  const known = new Map([...sweeps, ...changed.sweeps].map((sweep) => [sweep.id, sweep]))
  return { sweeps: order.map((id) => known.get(id)!) }
}

/** What `list` prints: the newest sweep first. */
export const sweepList = define('SweepList', sweepListShape, { table: sweepListTable })

function sweepListTable({ sweeps }: SweepListData, page?: TableOptions): string {
  const options = uncoloured(page)
  const named: RecordColumn<ListedSweep>[] = [
    ['name', ({ name }) => name],
    ['id', ({ id }) => id.slice(0, 12)],
  ]
  const table = renderColumns(options, sweeps, [
    ...named,
    ['state', ({ state }) => state],
    ['cells', ({ cells }) => cells],
    ['trials', ({ trialsDone, trialsRequested }) => `${short(BigInt(trialsDone))} / ${short(BigInt(trialsRequested))}`],
    ['submitted (UTC)', ({ submittedAt }) => submittedAt.slice(0, 16).replace('T', ' ')],
  ])
  const described = sweeps.filter(({ title, notes }) => title !== undefined || notes !== undefined)
  const about = renderColumns(options, described, [
    ...named,
    ['title', ({ title = '' }) => title],
    ['notes', ({ notes = '' }) => notes],
  ])
  const apart = sweeps.filter(({ differs }) => differs.length > 0)
  const differing = renderColumns(options, apart, [...named, ['settings that differ', differsText]])
  return [table, ...(described.length === 0 ? [] : [about]), ...(apart.length === 0 ? [] : [differing])].join('\n')
}

function differsText({ differs, newest }: ListedSweep): string {
  const text = settingsText(differs)
  return newest && text !== '' ? `newest: ${text}` : text
}

/** A sweep that shares its name with other sweeps, described by its first cell. */
export interface NamesakeParts {
  readonly id: string
  readonly name: string
  readonly newest: boolean
  readonly cells: number
  readonly axes: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  /** Canonical JSON of the first cell. */
  readonly canonical: string
  readonly sharing: number
}

/** Sections that users most often change come first. */
const order = ['let', 'update', 'landscape', 'start', 'trial', 'method', 'seed', 'streams', 'kernel', 'cells']
/** Settings that every drift has but that users rarely write. */
const minor = /\.(every|when|isotropic)$/

const placeOf = (path: string): number =>
  (order.indexOf(path.split('.')[0]!) + 1 || order.length + 1) + (minor.test(path) ? 0.5 : 0)

/** The settings that differ among sweeps of one name, and those of the paths `always`, by sweep id. */
export function namesakeSettings(sweeps: readonly NamesakeParts[], always?: RegExp) {
  const all = sweeps.map((sweep) => [sweep.id, settingsOfSweep(sweep)] as const)
  const paths = [...new Set(all.flatMap(([, settings]) => [...settings.keys()]))]
  const differing = paths
    .filter((path) => always?.test(path) || new Set(all.map(([, settings]) => settings.get(path))).size > 1)
    .sort((a, b) => placeOf(a) - placeOf(b))
  const own = (settings: ReadonlyMap<string, string>) =>
    differing.flatMap((path) => (settings.has(path) ? [{ path, value: settings.get(path)! }] : []))
  return new Map(all.map(([id, settings]) => [id, own(settings)]))
}

/** Sections that say what a sweep is about, rather than how it is computed. */
const telling = /^(let|update|landscape|start|trial|method)\b/

/** The law of the noise, by which even sweeps with different landscapes are compared. */
export const lawPath = /^update\..*\.law$/

/** Those of the differing settings of a sweep that a list of sweeps shows beside its axes. */
export const fixedSettings = (settings: readonly DifferingSetting[]): readonly DifferingSetting[] =>
  settings
    .filter(({ path, value }) => telling.test(path) && !value.startsWith('swept'))
    .sort((a, b) => Number(Number.isFinite(+a.value)) - Number(Number.isFinite(+b.value)))
    .slice(0, 8)

function settingsOfSweep({ canonical, axes, params, cells }: NamesakeParts): Map<string, string> {
  const settings = new Map(settingsOf(JSON.parse(canonical)))
  for (const axis of axes) {
    for (const path of settings.keys()) if (isWithin(path, axis)) settings.delete(path)
    const first = params[axis]
    settings.set(axis, typeof first === 'number' ? `swept from ${first}` : 'swept')
  }
  settings.set('cells', String(cells))
  return settings
}

/** Whether a path is the path of an axis or below it. */
export const isWithin = (path: string, axis: string): boolean => path === axis || path.startsWith(`${axis}.`)

/** At most this many settings are listed, because sweeps that differ in more are different experiments. */
const maxDescribed = 3

/** settingsText([{ path: 'update.eta', value: '0.1' }]) is 'eta 0.1'. */
export function settingsText(settings: readonly DifferingSetting[]): string {
  const listed = settings.slice(0, maxDescribed)
  const titles = paramTitles(listed.map(({ path }) => path))
  const named = listed.map(({ value }, at) =>
    titles[at] === 'cells' ? countText(Number(value), 'cell') : `${titles[at]} ${value}`,
  )
  const more = settings.length - listed.length
  return texts(named, more > 0 && countText(more, 'more setting')).join(', ')
}

const maxOthers = 3

/**
 * Says whether a sweep is the newest of its name and how the other sweeps of this name differ from it.
 * Null if no other sweep has the name.
 */
export function namesakesText(id: string, sweeps: readonly NamesakeParts[]): string | null {
  const own = sweeps.find((sweep) => sweep.id === id)
  if (own === undefined || sweeps.length < 2) return null
  const others = sweeps.filter((sweep) => sweep.id !== id)
  const listed = others.slice(0, maxOthers).map((other) => {
    const which = other.newest ? 'the newest, ' : own.sharing === 2 ? 'the other, ' : ''
    // The settings contain at most the first value of each axis. If no setting differs, the sweeps differ in later
    // values of an axis.
    const differs = settingsText(namesakeSettings([own, other]).get(other.id)!) || 'other cells'
    return `${which}${other.id.slice(0, 6)}${which === '' ? '' : ','} has ${differs}`
  })
  const rest = own.sharing - 1 - listed.length
  const standing = own.newest ? 'this is the newest' : 'this is not the newest'
  const ownText = settingsText(namesakeSettings(sweeps).get(id)!)
  const list = texts(ownText !== '' && ownText, listed, rest > 0 && `${rest} more: run \`driftfarm list\``)
  return `${own.sharing} sweeps are named ${own.name}, and ${standing} (${list.join('; ')})`
}
