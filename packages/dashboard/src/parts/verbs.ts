import { type ControlVerb, type SweepState, sweepVerbs } from '@driftfarm/spec'

/** What can be done to a sweep from here. */
export type Verb = ControlVerb | 'remove'

interface Described {
  readonly name: string
  /** What it does, said before it is done. */
  readonly does: string
  readonly command: string
  allows(state: SweepState): boolean
}

/** The table of a sweep's life says which states allow what; here are the words. */
const of = (verb: ControlVerb, name: string, does: string): Described => ({
  name,
  does,
  command: verb,
  allows: (state) => sweepVerbs[verb].to[state] !== undefined && sweepVerbs[verb].to[state] !== state,
})

export const verbs: Readonly<Record<Verb, Described>> = {
  pause: of('pause', 'Pause', 'Nothing new of it is begun; running batches end. Resume goes on with it.'),
  resume: of('resume', 'Resume', 'It goes on where it was.'),
  stop: of('stop', 'Stop', 'Running batches end and are kept; then it is at its end, until it is run again.'),
  cancel: of('cancel', 'Cancel', 'Running batches are given up too. Finished trials stay.'),
  retry: of('retry', 'Retry', 'Batches that were given up are computed again.'),
  remove: {
    name: 'Remove',
    does: 'It goes with all its trials, but for those of cells that another sweep holds too. This cannot be undone.',
    command: 'rm',
    allows: () => true,
  },
}
