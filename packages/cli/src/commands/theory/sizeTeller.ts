import { grouped, short } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'
import type { Hear } from './compute.ts'

/** A plane with more pairs of points takes minutes: measured, 4.4 million take one. Each resolution doubles them. */
const mostInAMinute = 6e6

/** Says of a plane how large it is, in the line of progress; and once, wherever it is read, that it takes minutes. */
export function sizeTeller(shell: Shell, words: string, add: (words: string) => void): Hear {
  let seen = 0
  return ({ states, entries }) => {
    add(`, ${grouped(states)} points of its plane`)
    if (seen++ > 0 || entries < mostInAMinute) return
    note(
      shell,
      `${words} takes minutes: a plane of ${grouped(states)} points, ${short(entries)} steps between them, and finer ` +
        'ones after it; Ctrl-C ends it',
    )
  }
}
