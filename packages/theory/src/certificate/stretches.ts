import type { Interval } from '../interval/interval.ts'
import type { EventsOver } from './events.ts'
import type { Stretch, Stretches } from './lineMesh.ts'

type Part = 'open' | 'exit' | 'ended'

const maxParts = 20_000

/**
 * Returns the stretches within `range` on which trials continue, or null if too many parts are undecided. Trials count
 * as escaped outside the range, and wherever escape is not ruled out. Where escape is ruled out, trials count as ended
 * only if they have provably ended; otherwise they count as continuing. Undecided parts are halved until they are at
 * most `finest` long.
 */
export function stretchesOf(events: EventsOver, range: Interval, finest: number): Stretches | null {
  const parts: { readonly range: Interval; readonly part: Part }[] = []
  const open: Interval[] = [range]
  for (let looked = 0; open.length > 0; looked++) {
    if (looked > maxParts) return null
    const [low, high] = open.pop()!
    const { exit, ended } = events([[low, high]])
    const isUnsure = exit[0] !== exit[1] || (exit[1] === 0 && ended[0] !== ended[1])
    const middle = low + (high - low) / 2
    if (isUnsure && high - low > finest && middle > low && middle < high) open.push([middle, high], [low, middle])
    else parts.push({ range: [low, high], part: exit[1] === 1 ? 'exit' : ended[0] === 1 ? 'ended' : 'open' })
  }
  const list: Stretch[] = []
  let gap: 0 | 1 = 1
  let last: Part = 'exit'
  for (const { range: one, part } of parts) {
    if (part === 'open' && last === 'open') {
      const before = list.pop()!
      list.push({ ...before, range: [before.range[0], one[1]] })
    } else if (part === 'open') {
      list.push({ range: one, before: gap })
    } else gap = part === 'exit' || (last !== 'open' && gap === 1) ? 1 : 0
    last = part
  }
  return { list, behind: 1 }
}
