import { type ControlVerb, type SweepState, sweepVerbs } from '@driftfarm/spec'

export type Verb = ControlVerb | 'remove'

interface Described {
  readonly name: string
  readonly does: string
  readonly command: string
  /** Whether the action ends the sweep or deletes it. Such actions stand apart from the others. */
  readonly ends: boolean
  allows(state: SweepState): boolean
}

/** The life-cycle table of sweeps determines the states in which an action is allowed. */
const of = (verb: ControlVerb, does: string, ends = false): Described => ({
  name: verb.charAt(0).toUpperCase() + verb.slice(1),
  does,
  command: verb,
  ends,
  allows: (state) => sweepVerbs[verb].to[state] !== undefined && sweepVerbs[verb].to[state] !== state,
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
