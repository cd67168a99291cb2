import { printEstimate } from '@driftfarm/spec'
import { escapeShare, type Found } from './believed.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'
import type { Control, Premises } from './premises.ts'

/** What a cell counts as an escape; null: nothing, or not known. */
export type EscapeKind = 'exits' | 'outside' | 'basin' | null

/** Shares within this factor of one another are about the same: then descent alone explains what is measured. */
const alike = 2

/**
 * What the cell does without its noise (without drift and with the full batch), beside what it does with it. `found`
 * null: no trials yet.
 */
export function controlChecks(
  premises: Premises,
  { escape, measuresEscape }: { readonly escape: EscapeKind; readonly measuresEscape: boolean },
  found: Found | null,
): readonly Check[] {
  const { control } = premises
  if (control === null) return []
  if (control.own) return [ownControl(control, premises, escape, found)]
  const escapes = measuresEscape ? escaping(control, premises, escape, found) : []
  return [...escapes, ...diverging(control, premises), ...others(control, found)]
}

/**
 * Without noise nothing leaves a basin or a ball; a condition on theta may well come true by descent alone, which is
 * what was asked.
 */
function ownControl(control: Control, premises: Premises, escape: EscapeKind, found: Found | null): Check {
  const own = 'the cell has neither drift nor batches: it is its own control'
  const [escaped, trials] =
    found === null ? [control.escaped, control.trials] : [found.tally.escaped, found.tally.trials]
  const within = escape === 'basin' || (escape === 'outside' && premises.start?.holds.escape === undefined)
  if (!within || escaped === 0) return check('control', 'good', own)
  const what = escape === 'basin' ? 'their basin' : 'the ball that they began in'
  return check(
    'control',
    'wrong',
    `${own}, and yet ${escaped} of ${trials} trials leave ${what}: descent itself is counted as escape`,
    escape === 'basin' ? basinMend(premises) : 'start at the minimum, or take a larger `radius`',
  )
}

function escaping(control: Control, premises: Premises, escape: EscapeKind, found: Found | null): readonly Check[] {
  const { escaped, trials } = control
  const without = `escape without noise: ${escaped} of ${trials} ${trials === 1 ? 'trial' : 'trials'}${cut(control)}`
  if (escaped === 0) return [check('control', 'good', without)]
  if (Object.keys(control.exits).length > 1) return [byExit(control, found)]
  const share = escaped / trials
  const mend =
    escape !== 'basin'
      ? 'start at a minimum (`start: {minimum: NAME}` or `{descend: ..}`), or ask for an event that descent does ' +
        'not reach'
      : basinMend(premises)
  if (found === null)
    return [check('control', 'doubtful', `${without}: part of what is measured is descent alone`, mend)]
  const measured = escapeShare(found)
  const both = `${without}; with it: ${percent(measured)}`
  if (share * alike >= measured && share <= alike * measured)
    return [check('control', 'wrong', `${both}: descent alone does it, the noise is not what is measured`, mend)]
  const why = share < measured ? 'part of the number is descent alone' : 'noise keeps trials from what descent does'
  return [check('control', 'doubtful', `${both}: ${why}`, mend)]
}

/**
 * Which of several exits is taken is the question where there are several, and most often one is taken: without noise
 * too. It says nothing about the noise only where each of them is taken about as often without it.
 */
function byExit(control: Control, found: Found | null): Check {
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
  if (found === null) return check('control', 'note', alone)
  const both = `${alone}; with it: ${listed('within')}`
  if (!exits.every(({ without, within }) => without <= alike * within && within <= alike * without))
    return check('control', 'note', both)
  const mend = 'ask for exits that descent does not reach, or start where noise decides between them'
  return check('control', 'wrong', `${both}: descent alone does it, the noise is not what is measured`, mend)
}

/** Where plain descent is known to be unstable, that check says it. */
function diverging(control: Control, { stability }: Premises): readonly Check[] {
  const { diverged, trials } = control
  if (diverged === 0 || (stability !== null && stability.eta * stability.curvature > stability.limit)) return []
  const text = `diverge without noise: ${diverged} of ${trials} ${trials === 1 ? 'trial' : 'trials'}${cut(control)}`
  return [check('control', 'doubtful', text, 'take a smaller `eta`')]
}

/** For where a trial ends and what it passes the control's share is a number to compare with, no doubt. */
function others(control: Control, found: Found | null): readonly Check[] {
  if (found === null) return []
  const shares = [
    ...named('settle', control.settled),
    ...named('class', control.classes),
    ...named('mark', control.marks),
  ].filter(([name, count]) => count > 0 && found.estimates[name] !== undefined)
  if (shares.length === 0) return []
  const list = shares.map(([name, count]) => `${name} ${percent(count / control.trials)}`)
  return [check('control', 'note', `without noise${cut(control)}: ${list.join(', ')}`)]
}

const named = (kind: string, counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([name, count]) => [`${kind}:${name}`, count] as const)

const cut = ({ steps, horizon }: Control): string =>
  steps < horizon ? `, in the first ${steps} of ${horizon} steps` : ''

function basinMend({ basin }: Premises): string {
  return basin !== null && basin.changed > 0
    ? 'mend `basin` first'
    : 'start at a minimum (`start: {descend: ..}` with a smaller `gradient`), or take a smaller `gradient` for the ' +
        'descents of the escape'
}
