import { countText } from '@driftfarm/formula'
import { printEstimate } from '@driftfarm/spec'
import {
  type CellFindings,
  type CheckEntry,
  type EscapeKind,
  entriesOf,
  escapeShare,
  type PremiseContext,
} from '../finding/cellFindings.ts'
import { doubtful, good, note, percent, type Statement, say, wrong } from '../finding/check.ts'
import type { Control, IdleReason, Premises, TwinsPremise } from '../finding/premises.ts'

/**
 * If the shares of escapes with and without noise differ by at most this factor, descent alone explains the measured
 * share.
 */
const alike = 2

const descentAlone = 'Descent alone explains this result, so the result does not measure the effect of the noise'

export function controlChecks(
  premises: Premises,
  { escape, measuresEscape, found }: Omit<PremiseContext, 'horizon'>,
): readonly (Statement | null)[] {
  const { control } = premises
  if (control === null) return []
  if (control.own) return [ownControl(control, premises, escape, found)]
  const escapes = measuresEscape ? escaping(control, premises, escape, found) : null
  return [escapes, diverging(control, premises), others(control, found)]
}

/**
 * No trial of a cell without noise should leave a basin or a ball. If the escape is a condition on theta, the check
 * passes: descent may make the condition true, and the user may want to measure that.
 */
function ownControl(control: Control, premises: Premises, escape: EscapeKind, found: CellFindings | null): Statement {
  const own = 'the cell has neither drift nor batches, so it is its own control run'
  const [escaped, trials] =
    found === null ? [control.escaped, control.trials] : [found.tally.escaped, found.tally.trials]
  const within = escape === 'basin' || (escape === 'outside' && premises.start?.holds.escape === undefined)
  if (!within || escaped === 0) return good(own)
  const what = escape === 'basin' ? 'their basin' : 'the ball in which they start'
  return wrong(
    `${own}. Yet trials leave ${what} (${escaped} of ${trials}), so descent itself counts as escape`,
    escape === 'basin' ? basinFix(premises) : 'start at the minimum, or use a larger `radius`',
  )
}

function escaping(
  control: Control,
  premises: Premises,
  escape: EscapeKind,
  found: CellFindings | null,
): Statement | null {
  const { escaped, trials } = control
  const without = `without noise, ${escaped} of ${countText(trials, 'trial')} escaped${cut(control)}`
  if (escaped === 0) return good(without)
  if (Object.keys(control.exits).length > 1) return byExit(control, found)
  const share = escaped / trials
  const hint =
    escape !== 'basin'
      ? 'start at a minimum (`start: {minimum: NAME}` or `{descend: ..}`), or choose an event that descent ' +
        'does not reach'
      : basinFix(premises)
  if (found === null) return doubtful(`${without}, so part of the estimate is due to descent`, hint)
  const measured = escapeShare(found)
  const both = `${without}; with noise: ${percent(measured)}`
  if (share * alike >= measured && share <= alike * measured) return wrong(`${both}. ${descentAlone}`, hint)
  const why =
    share < measured
      ? 'Part of the estimate is due to descent'
      : 'The noise prevents escapes that descent alone would cause'
  return doubtful(`${both}. ${why}`, hint)
}

/**
 * With several exits, trials usually take one of them even without noise. So the verdict is `wrong` only if every exit
 * is taken about as often without noise as with noise.
 */
function byExit(control: Control, found: CellFindings | null): Statement {
  // The entries of `control.exits` are in the order of the exits in the cell and in its tally.
  const exits = Object.entries(control.exits).map(([name, count], place) => ({
    name,
    without: count / control.trials,
    within:
      found === null
        ? 0
        : (found.estimates[printEstimate({ kind: 'exit', name })]?.value ??
          found.tally.exits[place]! / found.tally.trials),
  }))
  const listed = (which: 'without' | 'within') => exits.map((each) => `${each.name} ${percent(each[which])}`).join(', ')
  const alone = `exits without noise${cut(control)}: ${listed('without')}`
  if (found === null) return note(alone)
  const both = `${alone}; with noise: ${listed('within')}`
  if (!exits.every(({ without, within }) => without <= alike * within && within <= alike * without)) return note(both)
  const hint = 'choose exits that descent does not reach, or start where noise decides between them'
  return wrong(`${both}. ${descentAlone}`, hint)
}

/** If plain descent is known to be unstable, the stability check reports the divergence instead. */
function diverging(control: Control, { stability }: Premises): Statement | null {
  const { diverged, trials } = control
  if (diverged === 0 || (stability !== null && stability.eta * stability.curvature > stability.limit)) return null
  const text = `without noise, ${diverged} of ${countText(trials, 'trial')} diverged${cut(control)}`
  return doubtful(text, 'use a smaller `eta`')
}

/** The shares are given for comparison and are no reason for doubt. */
function others(control: Control, found: CellFindings | null): Statement | null {
  if (found === null) return null
  const shares = [
    ...named('settle', control.settled),
    ...named('class', control.classes),
    ...named('mark', control.marks),
  ].filter(([name, count]) => count > 0 && found.estimates[name] !== undefined)
  if (shares.length === 0) return null
  const list = shares.map(([name, count]) => `${name} ${percent(count / control.trials)}`)
  return note(`without noise${cut(control)}: ${list.join(', ')}`)
}

const named = (kind: string, counts: Readonly<Record<string, number>>) =>
  entriesOf(counts).map(([name, count]) => [`${kind}:${name}`, count] as const)

const cut = ({ steps, horizon }: Control): string =>
  steps < horizon ? ` in the first ${steps} of ${horizon} steps` : ''

function basinFix({ basin }: Premises): string {
  return basin !== null && basin.changed > 0
    ? 'first resolve the finding of the check `basin`'
    : 'start at a minimum (`start: {descend: ..}` with a smaller `gradient`), or use a smaller `escape.gradient`'
}

const reasons: Readonly<Record<Exclude<IdleReason, 'zero'>, Record<'why' | 'hint', string>>> = {
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
  training: {
    why: 'it does not change the gradient where trials go',
    hint: 'add a drift, start where the noise changes the gradient, or raise its probability or sigma',
  },
}

const whats = {
  drift: 'the drift',
  batches: 'mini-batches',
  training: 'dropout and label noise',
  rule: 'the noise of the rule',
} as const

export function twinsChecks(twins: TwinsPremise | null): readonly Statement[] {
  if (twins === null) return []
  const { of, acts, trials, steps, horizon, why, idle } = twins
  // A scale of 0 in the spec is probably intended, since it is usually one end of a sweep axis. So this is only a note.
  if (why === 'zero') return [note('the scale of the drift is 0: it has no effect')]
  if (!acts) {
    const { why: reason, hint } = reasons[why!]
    const whole = steps === horizon
    const equal = trials === 1 ? 'the only trial has' : `${trials} of ${trials} trials have`
    const sample = `${equal} the same outcome with and without ${whats[of]}`
    const text = whole ? sample : `${sample}, over the first ${steps} of ${horizon} steps`
    return [say(whole ? 'wrong' : 'doubtful', `${text}: the noise has no effect, because ${reason}`, hint)]
  }
  return idle.map(({ entry, form, why }) => {
    const text = `entry ${entry + 1} of the drift list (${form}) has no effect, because`
    return why === 'zero' ? note(`${text} its scale is 0`) : doubtful(`${text} ${reasons[why].why}`, reasons[why].hint)
  })
}

export const control: CheckEntry = {
  parts: ['control', 'twins'],
  ofPremises: (premises, context) => [...controlChecks(premises, context), ...twinsChecks(premises.twins)],
}
