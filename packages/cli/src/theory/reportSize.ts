import { grouped, short } from '@driftfarm/report'
import { note } from '../output.ts'
import type { Shell } from '../shell.ts'
import type { OnSize } from './compute.ts'

/**
 * A grid in the plane with more transitions than this takes minutes. Measured: a grid with 4.4 million transitions
 * takes one minute, and each refinement doubles the number of transitions.
 */
const mostInAMinute = 6e6

export function reportSize(shell: Shell, words: string, add: (words: string) => void): OnSize {
  let seen = 0
  return ({ states, entries }) => {
    add(`, grid of ${grouped(states)} points`)
    if (seen++ > 0 || entries < mostInAMinute) return
    note(
      shell,
      `${words} will take minutes: a grid of ${grouped(states)} points with ${short(entries)} transitions, then ` +
        'finer grids; Ctrl-C stops it',
    )
  }
}
