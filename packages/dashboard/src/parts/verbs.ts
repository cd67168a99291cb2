import { type ControlVerb, type SweepState, sweepVerbs } from '@driftfarm/spec'

export type Verb = ControlVerb | 'remove'

interface Described {
  readonly name: string
  readonly does: string
  readonly command: string
  allows(state: SweepState): boolean
}

/** The life-cycle table of sweeps determines the states in which an action is allowed. */
const of = (verb: ControlVerb, does: string): Described => ({
  name: verb.charAt(0).toUpperCase() + verb.slice(1),
  does,
  command: verb,
  allows: (state) => sweepVerbs[verb].to[state] !== undefined && sweepVerbs[verb].to[state] !== state,
})

export const verbs: Readonly<Record<Verb, Described>> = {
  pause: of('pause', 'No new batches start, and running batches finish. Use Resume to continue the sweep.'),
  resume: of('resume', 'The sweep continues where it was paused.'),
  stop: of('stop', 'Running batches finish and are stored. Then the sweep stays stopped until it is run again.'),
  cancel: of('cancel', 'Running batches end early. Finished trials stay stored.'),
  retry: of('retry', 'Failed batches are computed again.'),
  remove: {
    name: 'Remove',
    does:
      'This deletes the sweep and its trials, except trials of cells that another sweep uses. ' +
      'This cannot be undone.',
    command: 'rm',
    allows: () => true,
  },
}
