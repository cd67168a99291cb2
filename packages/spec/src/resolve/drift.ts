import type { Drift, DriftForm, Schedule } from '../cell.ts'
import { Mistake } from '../errors.ts'
import { ranges } from '../schema/range.ts'
import type { Condition } from './condition.ts'
import type { Frame } from './frame.ts'
import { onlyOne, refuseOthers } from './keys.ts'
import type { ResolvedLandscape } from './landscape.ts'
import { resolveLaw, vectorLaw } from './law.ts'
import { resolveSchedule } from './schedule.ts'
import type { Scope } from './scope.ts'
import { resolveShape, shapeKeys } from './shape.ts'

const always = ['form', 'when', 'every'] as const
const lawKeys = ['law', 'nu', 'alpha'] as const
const vectorKeys = [...lawKeys, 'isotropic'] as const
const scales = ['sigma', 'step', 'temperature'] as const
const chances = ['q', 'probability'] as const

const keysOf: Readonly<Record<DriftForm['form'], readonly string[]>> = {
  additive: [...vectorKeys, ...scales],
  multiplicative: [...vectorKeys, 'sigma'],
  rate: [...lawKeys, 'sigma'],
  rotation: [...lawKeys, 'sigma'],
  flip: chances,
  anisotropic: [...vectorKeys, 'sigma', ...shapeKeys],
  'loss-scaled': [...vectorKeys, 'sigma'],
}

export function resolveDrift(scope: Scope, frame: Frame, resolved: ResolvedLandscape, condition: Condition): Drift {
  const form = (frame.get('form') as DriftForm['form'] | undefined) ?? 'additive'
  refuseOthers(
    frame,
    [...always, ...keysOf[form]],
    `drift of form ${form} takes ${keysOf[form].join(', ')}, when, every`,
  )
  return {
    ...formed(scope, frame, form, resolved),
    when: frame.get('when') === undefined ? null : condition(frame, 'when'),
    every: scope.number(frame, 'every', ranges.hold, 1),
  }
}

function formed(
  scope: Scope,
  frame: Frame,
  form: DriftForm['form'],
  resolved: ResolvedLandscape,
): DriftForm & { readonly amount: Schedule } {
  const scale = form === 'additive' ? onlyOne(frame, scales) : form === 'flip' ? onlyOne(frame, chances) : 'sigma'
  const amount = resolveSchedule(scope, frame, scale, form === 'flip' ? ranges.probability : ranges.nonNegative)
  switch (form) {
    case 'additive':
      return { form, scale: scale as (typeof scales)[number], ...vectorLaw(scope, frame), amount }
    case 'multiplicative':
    case 'loss-scaled':
      return { form, ...vectorLaw(scope, frame), amount }
    case 'rotation':
      if (resolved.landscape.dimension < 2) {
        const details = { value: form, reason: 'one dimension has no plane to turn in', hint: 'use another form' }
        throw new Mistake('DRIFT', frame.at('form'), details)
      }
      return { form, law: resolveLaw(scope, frame), amount }
    case 'rate':
      return { form, law: resolveLaw(scope, frame), amount }
    case 'flip':
      return { form, amount }
    case 'anisotropic':
      return { form, shape: resolveShape(scope, frame, resolved), ...vectorLaw(scope, frame), amount }
  }
}
