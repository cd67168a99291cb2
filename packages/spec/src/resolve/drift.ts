import type { Drift, DriftForm, Schedule, VectorLaw } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import type { Condition } from './condition.ts'
import type { Frame } from './frame.ts'
import { onlyOne, refuseUnknownKeys } from './keys.ts'
import { resolveLaw, vectorLaw } from './law.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'
import { resolveShape, shapeKeys } from './shape.ts'

const always = ['form', 'when', 'every'] as const
const lawKeys = ['law', 'nu', 'alpha'] as const
const vectorKeys = [...lawKeys, 'isotropic'] as const
/** An additive drift needs exactly one of these keys. */
export const driftScales = ['sigma', 'step', 'temperature'] as const
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
