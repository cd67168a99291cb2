import type { Drift, DriftForm, Law, Schedule, VectorLaw } from '../cell.ts'
import { formatPath, isMapping, isWithin, type Path, parsePath, valueAt, withValue } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { type Frame, onlyOne, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { isSpherical, type LawName, lawNames, laws, mayBeSpherical, numberedLaws } from '../laws.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import type { Condition } from '../trial/events.ts'
import { resolveSchedule } from './schedule.ts'
import { resolveShape, shapeKeys } from './shape.ts'

const always = ['form', 'when', 'every'] as const
const lawKeys = ['law', 'nu', 'alpha'] as const
const vectorKeys = [...lawKeys, 'isotropic'] as const
/** An additive drift needs exactly one of these keys. */
const driftScales = ['sigma', 'step', 'temperature'] as const
type Scale = (typeof driftScales)[number]
const chances = ['q', 'probability'] as const

const keysOf: Readonly<Record<DriftForm['form'], readonly string[]>> = {
  additive: [...vectorKeys, ...driftScales],
  multiplicative: [...vectorKeys, 'sigma'],
  rate: [...lawKeys, 'sigma'],
  rotation: [...lawKeys, 'sigma'],
  flip: chances,
  anisotropic: [...vectorKeys, 'sigma', ...shapeKeys],
  'loss-scaled': [...vectorKeys, 'sigma'],
}

/** If `key` is the scale or the probability of another form of drift, returns the key that `form` uses instead. */
function scaleFor(form: DriftForm['form'], key: string): string | undefined {
  if (!([...driftScales, ...chances] as readonly string[]).includes(key)) return undefined
  return form === 'flip' ? 'q' : 'sigma'
}

export function resolveDrift(scope: Scope, frame: Frame, resolved: ResolvedLandscape, condition: Condition): Drift {
  const form = (frame.get('form') as DriftForm['form'] | undefined) ?? 'additive'
  const takes = `drift of form ${form} takes the keys ${keysOf[form].join(', ')}, when, every`
  const { made, when, every } = collectParts({
    keys: () => refuseUnknownKeys(frame, [...always, ...keysOf[form]], takes, (key) => scaleFor(form, key)),
    made: () => formed(scope, frame, form, resolved),
    when: () => (frame.get('when') === undefined ? null : condition(frame, 'when')),
    every: () => scope.number(frame, 'every', ranges.hold, 1),
  })
  return { ...made, when, every }
}

function formed(
  scope: Scope,
  frame: Frame,
  form: DriftForm['form'],
  resolved: ResolvedLandscape,
): DriftForm & { readonly amount: Schedule } {
  const range = form === 'flip' ? ranges.probability : ranges.nonNegative
  const scaled = (scale: string) => () => resolveSchedule(scope, frame, scale, range)
  const law = () => resolveLaw(scope, frame)
  switch (form) {
    case 'additive': {
      const scale = () => onlyOne(frame, driftScales)
      const parts = { scale, amount: () => scaled(scale())(), law: () => vectorLaw(scope, frame) }
      const { law, ...rest } = collectParts<{ scale: Scale; amount: Schedule; law: VectorLaw }>(parts)
      return { form, ...rest, ...law }
    }
    case 'multiplicative':
    case 'loss-scaled': {
      const { amount, law } = collectParts({ amount: scaled('sigma'), law: () => vectorLaw(scope, frame) })
      return { form, ...law, amount }
    }
    case 'rotation': {
      const made = collectParts({ plane: () => checkPlane(frame, resolved), law, amount: scaled('sigma') })
      return { form, law: made.law, amount: made.amount }
    }
    case 'rate':
      return { form, ...collectParts({ law, amount: scaled('sigma') }) }
    case 'flip':
      return { form, amount: scaled(onlyOne(frame, chances))() }
    case 'anisotropic': {
      const shape = () => resolveShape(scope, frame, resolved)
      const made = collectParts({ shape, amount: scaled('sigma'), law: () => vectorLaw(scope, frame) })
      return { form, shape: made.shape, ...made.law, amount: made.amount }
    }
  }
}

function checkPlane(frame: Frame, { landscape }: ResolvedLandscape): void {
  if (landscape.dimension >= 2) return
  const details = {
    value: 'rotation',
    reason: 'a rotation needs at least two dimensions',
    hint: 'use another form of drift',
  }
  throw new Mistake('DRIFT', frame.at('form'), details)
}

/**
 * Reads a distribution written as `law: cauchy`, as `law: {student: {nu: 3}}`, or with its parameter beside it: `law:
 * student, nu: 3`.
 */
function resolveLaw(scope: Scope, frame: Frame): Law {
  const written = frame.get('law') ?? 'gaussian'
  const isWord = typeof written === 'string'
  const kind = (isWord ? written : Object.keys(written)[0]!) as LawName
  const holder = isWord ? frame : frame.inner('law').inner(kind)
  const { number } = laws[kind]
  const { law } = collectParts({
    numbers: () => refuseNumbers(frame, kind, isWord),
    law: () =>
      (number === null ? { kind } : { kind, [number.key]: scope.number(holder, number.key, number.range) }) as Law,
  })
  return law
}

function refuseNumbers(frame: Frame, kind: LawName, isWord: boolean): void {
  collectEach(numberedLaws, ({ key, name: owner }) => {
    if (frame.get(key) === undefined || (owner === kind && isWord)) return
    const hint = `${key} is a parameter of \`law: ${owner}\``
    const details = { word: key, hint: owner === kind ? `${hint}; give it only once` : hint }
    throw new Mistake('UNKNOWN_KEY', frame.at(key), details, 'key')
  })
}

/** The distributions `sphere` and `ball` are always spherical. For a Gaussian, `isotropic` makes no difference. */
function vectorLaw(scope: Scope, frame: Frame): VectorLaw {
  const law = resolveLaw(scope, frame)
  if (frame.get('isotropic') === true && !mayBeSpherical(law.kind))
    throw new Mistake('DRIFT', frame.at('isotropic'), {
      value: true,
      reason: `the distribution ${law.kind} has no spherical form`,
      hint: `remove isotropic, or use one of ${lawNames.filter(mayBeSpherical).join(', ')}`,
    })
  return { law, isotropic: isSpherical(law.kind, frame.get('isotropic') === true) }
}

/**
 * Drops the scale of a drift if a swept scale replaces it, since a drift has only one scale. If an axis sweeps
 * `update.drift.sigma`, a `temperature` in the document is dropped. If two scales of one drift are swept, both stay,
 * and the drift is refused.
 */
export function withoutReplacedScales(body: unknown, paths: ReadonlySet<string>): unknown {
  let changed = body
  for (const swept of [...paths].map(parsePath)) {
    const drift = swept.slice(0, -1)
    const entry = isScale(swept.at(-1)) && isDriftEntry(drift) ? valueAt(changed, drift) : null
    if (!isMapping(entry)) continue
    const kept = Object.entries(entry).filter(([key]) => !isScale(key) || paths.has(formatPath([...drift, key])))
    const made = withValue(changed, drift, Object.fromEntries(kept))
    if ('value' in made) changed = made.value
  }
  return changed
}

function isScale(key: unknown): boolean {
  return driftScales.some((scale) => scale === key)
}

/** Whether the path is `update.drift` or an entry of the list `update.drift`. */
function isDriftEntry(path: Path): boolean {
  return path.length >= 2 && path.length <= 3 && isWithin(path, ['update', 'drift'])
}
