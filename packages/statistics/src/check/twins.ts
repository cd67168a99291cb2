import { type Check, check } from './check.ts'
import type { IdleReason, TwinsPremise } from './premises.ts'

interface TwinsReason {
  readonly why: string
  readonly hint: string
}

const reasons: Readonly<Record<Exclude<IdleReason, 'zero'>, TwinsReason>> = {
  scale: { why: 'its scale is 0 at every step', hint: 'give the drift a scale above 0, or leave it out' },
  when: {
    why: 'its condition `when` never holds',
    hint: 'fix the condition `when` of the drift: it is false at every step that trials take',
  },
  gradient: {
    why: 'it is proportional to the gradient, which is 0 where trials start',
    hint: 'use `form: additive`, or start where the gradient is not 0',
  },
  loss: {
    why: 'it is proportional to the square root of the loss, which is 0 where trials start',
    hint: 'use `form: additive`, or start where the loss is above 0',
  },
  matrix: {
    why: 'its matrix is 0 where trials start',
    hint: 'use another matrix, `form: additive`, or another start',
  },
  rounding: {
    why: 'it is so small compared with the coordinates that it is lost to rounding',
    hint: 'use a larger drift scale, or coordinates nearer to 0',
  },
  rule: {
    why: 'the rule does not use the quantity that the noise changes',
    hint: 'write the rule with g, the gradient after drift',
  },
  samples: {
    why: 'where trials go, every batch has the same gradient as the whole data set',
    hint: 'add a drift, start where the samples disagree, or use smaller batches',
  },
}

const whats = { drift: 'the drift', batches: 'mini-batches', rule: 'the noise of the rule' } as const

export function twinsChecks(twins: TwinsPremise | null): readonly Check[] {
  if (twins === null) return []
  const { of, acts, trials, steps, horizon, why, idle } = twins
  // A scale of 0 in the spec is probably intended, since it is usually one end of a sweep axis. So this is only a note.
  if (why === 'zero') return [check('control', 'note', 'the scale of the drift is 0: it has no effect')]
  if (!acts) {
    const { why: reason, hint } = reasons[why!]
    const whole = steps === horizon
    const equal = trials === 1 ? 'the only trial has' : `${trials} of ${trials} trials have`
    const sample = `${equal} the same outcome with and without ${whats[of]}`
    const text = whole ? sample : `${sample}, over the first ${steps} of ${horizon} steps`
    return [check('control', whole ? 'wrong' : 'doubtful', `${text}: the noise has no effect, because ${reason}`, hint)]
  }
  return idle.map(({ entry, form, why }) => {
    const text = `entry ${entry + 1} of the drift list (${form}) has no effect, because`
    return why === 'zero'
      ? check('control', 'note', `${text} its scale is 0`)
      : check('control', 'doubtful', `${text} ${reasons[why].why}`, reasons[why].hint)
  })
}
