import type { StatusData } from '@driftfarm/report'
import { type ControlVerb, sweepVerbs } from '@driftfarm/spec'
import { capitalised } from './format.ts'

export type Verb = ControlVerb | 'remove'

/** A sweep with what determines the allowed actions. A status has the number of failed batches, a list of cells. */
export interface Acted extends Pick<StatusData, 'id' | 'name' | 'state'> {
  readonly batches?: Pick<StatusData['batches'], 'failed'>
  readonly failed?: number
}

interface Described {
  readonly name: string
  readonly does: string
  readonly command: string
  /** Whether the action ends the sweep or deletes it. Such actions stand apart from the others. */
  readonly ends: boolean
  allows(sweep: Acted): boolean
}

/** The life-cycle table of sweeps determines the states in which an action is allowed. */
const of = (verb: ControlVerb, does: string, ends = false): Described => ({
  name: capitalised(verb),
  does,
  command: verb,
  ends,
  allows({ state, batches, failed = 0 }) {
    const next = sweepVerbs[verb].to[state]
    if (verb !== 'retry') return next !== undefined && next !== state
    return state === 'incomplete' || (next !== undefined && (batches?.failed ?? failed) > 0)
  },
})

export const verbs: Readonly<Record<Verb, Described>> = {
  pause: of('pause', 'No new batches start, and running batches finish. Use Resume to continue the sweep.'),
  resume: of('resume', 'The sweep continues where it was paused.'),
  retry: of('retry', 'Failed batches are computed again.'),
  stop: of('stop', 'Running batches finish and are stored. Then the sweep stays stopped until it is run again.', true),
  cancel: of('cancel', 'Running batches end early, and their trials are lost. Finished batches stay stored.', true),
  remove: {
    name: 'Remove',
    does:
      'This deletes the sweep and its trials, except trials of cells that another sweep uses. ' +
      'It cannot be undone.',
    command: 'rm',
    ends: true,
    allows: () => true,
  },
}

/** The actions that end or delete a sweep, or the others. */
export const verbNames = (ends: boolean): readonly Verb[] =>
  (Object.keys(verbs) as Verb[]).filter((verb) => verbs[verb].ends === ends)
