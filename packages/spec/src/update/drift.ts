import * as z from 'zod'
import type { Drift, DriftForm } from '../cell.ts'
import { isMapping, isWithin, type Path, valueAt, withValue } from '../document/value.ts'
import { Mistake, wrongType } from '../errors.ts'
import { section, text } from '../field/field.ts'
import { type Frame, onlyOne, refuseUnknownKeys, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { flag, number, shapeOf, word } from '../field/section.ts'
import { checkCount } from '../field/vocabulary.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { conditionReader } from '../trial/events.ts'
import { flowStyle } from '../words/flowStyle.ts'
import { lawKeys, lawShape, resolveIsotropic, resolveLaw } from './law.ts'
import { schedule } from './schedule.ts'
import { resolveShape, shapeKeys, shapeShape } from './shape.ts'

const scales = {
  sigma: schedule(ranges.nonNegative, 'Scale of xi. For additive drift, the noise is added to the gradient.'),
  step: schedule(ranges.nonNegative, "Scale of noise that is added to theta after the rule's own step."),
  temperature: schedule(
    ranges.nonNegative,
    'Langevin temperature T: adds noise to theta as `step` does, with scale sqrt(2 eta T).',
  ),
}
const chances = {
  q: schedule(ranges.probability, 'Probability of a flip.'),
  probability: schedule(ranges.probability, 'Another name for `q`.'),
}
const amounts = { ...scales, ...chances }
type Amount = keyof typeof amounts
const namesOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) => Object.keys(table) as Key[]

interface Entry {
  readonly frame: Frame
  readonly resolved: ResolvedLandscape
}

type Part = (entry: Entry) => unknown

interface Form {
  readonly keys: readonly string[]
  /** Readers of the keys of a cell's drift, besides those that every drift has. */
  readonly parts: Readonly<Record<string, Part>>
  readonly check?: (entry: Entry) => void
}

const amount = ({ frame }: Entry, key: Amount) => amounts[key].read(frame, key)
const scaleOf = ({ frame }: Entry) => onlyOne(frame, namesOf(scales))
const scaled: Form['parts'] = { amount: (entry) => amount(entry, 'sigma') }
const withLaw: Form['parts'] = { law: ({ frame }) => resolveLaw(frame) }
const vectorial: Form['parts'] = { ...withLaw, isotropic: ({ frame }) => resolveIsotropic(frame) }
const vectorKeys = [...lawKeys, 'isotropic']

/** The first form is the default. */
const forms = {
  additive: {
    keys: [...vectorKeys, ...namesOf(scales)],
    parts: { scale: scaleOf, amount: (entry) => amount(entry, scaleOf(entry)), ...vectorial },
  },
  multiplicative: { keys: [...vectorKeys, 'sigma'], parts: { ...scaled, ...vectorial } },
  rate: { keys: [...lawKeys, 'sigma'], parts: { ...scaled, ...withLaw } },
  rotation: { keys: [...lawKeys, 'sigma'], parts: { ...scaled, ...withLaw }, check: checkPlane },
  flip: {
    keys: namesOf(chances),
    parts: { amount: (entry) => amount(entry, onlyOne(entry.frame, namesOf(chances))) },
  },
  anisotropic: {
    keys: [...vectorKeys, 'sigma', ...shapeKeys],
    parts: { shape: ({ frame, resolved }) => resolveShape(frame, resolved), ...scaled, ...vectorial },
  },
  'loss-scaled': { keys: [...vectorKeys, 'sigma'], parts: { ...scaled, ...vectorial } },
} as const satisfies Readonly<Record<DriftForm['form'], Form>>

/** What each form of noise does. Additive noise with the scale `step` or `temperature` acts after the rule. */
export const driftFormulas = {
  additive: "g' = g + sigma xi",
  multiplicative: "g'_i = g_i (1 + sigma xi_i)",
  rate: "eta' = eta (1 + sigma xi)",
  rotation: "g' is g rotated by the angle sigma xi",
  flip: "g' = -g with probability q",
  anisotropic: "g' = g + sigma S xi",
  'loss-scaled': "g' = g + sigma sqrt(max(L, 0)) xi",
  step: "theta' = theta' + step xi",
  temperature: "theta' = theta' + sqrt(2 eta temperature) xi",
} as const satisfies Readonly<Record<DriftForm['form'] | 'step' | 'temperature', string>>
const form = word(
  namesOf(forms) as [DriftForm['form'], ...DriftForm['form'][]],
  'How the noise xi changes the gradient g or the step. ' +
    `${namesOf(forms)
      .map((name) => `${name}: ${driftFormulas[name]}`)
      .join('; ')}.`,
)
const every = number(ranges.steps, 'The drift acts only at steps n that are multiples of this.', 1)

const driftEntry = section([], {
  form: form.schema,
  ...lawShape,
  isotropic: flag(
    'Makes the distribution of the vector xi spherically symmetric. The law uniform then acts like ball, and ' +
      'rademacher like sphere. With any other law, each coordinate keeps its distribution.',
    false,
  ).schema,
  ...shapeOf(amounts),
  ...shapeShape,
  when: text('a condition such as "x >= 0"').describe(
    'The drift acts only at steps where this condition holds at theta_n.',
  ),
  every: every.schema,
})

export const driftSchema = z
  .union([z.literal('none'), driftEntry, z.array(driftEntry, { error: 'a list of drifts' })], {
    error: '`none`, a drift {form, law, sigma | step | temperature} or a list of drifts',
  })
  .describe('Noise that is deliberately added to the update. Default none: plain descent.')

export function resolveDrifts(scope: Scope, resolved: ResolvedLandscape): readonly Drift[] {
  const frame = scope.root.inner('update')
  const drift = frame.get('drift')
  if (drift === undefined || drift === 'none') return []
  const inner = frame.inner('drift')
  if (!Array.isArray(inner.object)) return [resolveDrift({ frame: inner, resolved })]
  checkEntries(inner.object, inner.path())
  checkCount(inner.object.length, limits.drifts, 'drifts', inner.path())
  return collectEach(inner.object, (_, i) => resolveDrift({ frame: inner.inner(i), resolved }))
}

/**
 * Refuses lists such as `- form: additive` followed by `- sigma: 1`, which are two incomplete drifts where one was
 * meant.
 */
function checkEntries(list: readonly unknown[], path: Path): void {
  const keys = list.flatMap((entry) => (isMapping(entry) ? Object.keys(entry) : []))
  const isSplit = list.length > 1 && keys.length === list.length && new Set(keys).size === keys.length
  if (!isSplit || keys.filter((key) => Object.hasOwn(amounts, key)).length > 1) return
  const one = flowStyle(Object.assign({}, ...list)) ?? '{ law: gaussian, sigma: 1 }'
  throw wrongType(
    path,
    list,
    'a list of complete drifts',
    `write the keys of one drift together, without \`-\` before the keys: drift: ${one}`,
  )
}

function resolveDrift(entry: Entry): Drift {
  const { frame, resolved } = entry
  const kind = form.read(frame, 'form')
  const { keys, parts, check }: Form = forms[kind]
  const condition = conditionReader(frame.scope, resolved, 'switch')
  const takes = `drift of form ${kind} takes the keys ${keys.join(', ')}, when, every`
  // The key that this form uses for its scale or probability.
  const own = kind === 'flip' ? 'q' : 'sigma'
  const known = ['form', 'when', 'every', ...keys]
  const { made, when, each } = collectParts({
    keys: () => refuseUnknownKeys(frame, known, takes, (key) => (Object.hasOwn(amounts, key) ? own : undefined)),
    check: () => check?.(entry),
    made: () => collectParts(parts, entry),
    when: () => (frame.get('when') === undefined ? null : condition(frame, 'when')),
    each: () => every.read(frame, 'every'),
  })
  return { form: kind, ...made, when, every: each } as Drift
}

function checkPlane({ frame, resolved }: Entry): void {
  if (resolved.landscape.dimension >= 2) return
  const reason = 'a rotation needs at least two dimensions'
  throw new Mistake('DRIFT', frame.at('form'), { value: 'rotation', reason, hint: 'use another form of drift' })
}

/**
 * Drops the scale of a drift if a swept scale replaces it, since a drift has only one scale. If an axis sweeps
 * `update.drift.sigma`, a `temperature` in the document is dropped. If two scales of one drift are swept, both stay,
 * and the drift is refused.
 */
export function withoutReplacedScales(body: unknown, paths: ReadonlySet<string>): unknown {
  let changed = body
  for (const swept of [...paths].map((path) => path.split('.'))) {
    const drift = swept.slice(0, -1)
    const entry = isScale(swept.at(-1)) && isDriftEntry(drift) ? valueAt(changed, drift) : null
    if (!isMapping(entry)) continue
    const kept = Object.entries(entry).filter(([key]) => !isScale(key) || paths.has([...drift, key].join('.')))
    const made = withValue(changed, drift, Object.fromEntries(kept))
    if ('value' in made) changed = made.value
  }
  return changed
}

function isScale(key: unknown): boolean {
  return Object.hasOwn(scales, String(key))
}

/** Whether the path is `update.drift` or an entry of the list `update.drift`. */
function isDriftEntry(path: Path): boolean {
  return path.length >= 2 && path.length <= 3 && isWithin(path, ['update', 'drift'])
}
