import type { SweepListData } from '@driftfarm/report'

type Listed = SweepListData['sweeps']

/** A copy has at least this likeness, and so has a sweep with the same landscape and events. */
const related = 8

/**
 * The other sweeps, the likeliest first: of a name like this one, such as `a-2` for `a`, or over the same axes.
 * `likeliest` is the first of them, unless it has nothing to do with this sweep.
 */
export function likelyFirst(all: Listed, id: string) {
  const own = all.find((sweep) => sweep.id === id)
  const stem = (name = '') => name.replace(/-\d+$/, '')
  const paths = ({ axes = [] }: Partial<Listed[number]> = {}) => axes.map(({ path }) => path).join()
  const events = ({ settings = [] }: Listed[number]) =>
    JSON.stringify(settings.filter(({ path }) => path.startsWith('trial.') && path !== 'trial.steps'))
  const likeness = (other: Listed[number]): number =>
    (stem(other.name) === stem(own?.name) ? 2 * related : 0) +
    (own?.landscape && other.landscape === own.landscape && events(other) === events(own) ? related : 0) +
    (paths(other) === paths(own) ? 2 : 0) +
    (JSON.stringify(other.axes) === JSON.stringify(own?.axes) ? 2 : 0)
  const others = all.filter((sweep) => sweep.id !== id).sort((a, b) => likeness(b) - likeness(a))
  return { others, likeliest: others.find((other) => likeness(other) >= related) }
}
