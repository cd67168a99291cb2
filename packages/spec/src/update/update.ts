import type { Schedule } from '../cell.ts'
import { section } from '../field/field.ts'
import type { Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { changesShape } from './changes.ts'
import { driftSchema } from './drift.ts'
import { customSchema, ruleNumbersShape, ruleSchema } from './rule.ts'
import { schedule } from './schedule.ts'

const eta = schedule(ranges.positive, 'Step size (learning rate).')

export const updateSchema = section(['eta'], {
  rule: ruleSchema,
  eta: eta.schema,
  ...ruleNumbersShape,
  custom: customSchema,
  ...changesShape,
  drift: driftSchema,
}).describe('How theta_n becomes theta_{n+1}.')

export function resolveEta(scope: Scope): Schedule {
  return eta.read(scope.root.inner('update'), 'eta')
}
