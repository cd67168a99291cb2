import type { SweepListData } from '@driftfarm/report'

type Listed = SweepListData['sweeps']

/** The other sweeps, the likeliest first: of a name like this one, such as `a-2` for `a`, or over the same axes. */
export function likelyFirst(all: Listed, id: string): Listed {
  const own = all.find((sweep) => sweep.id === id)
  const stem = (name = '') => name.replace(/-\d+$/, '')
  const paths = ({ axes = [] }: Partial<Listed[number]> = {}) => axes.map(({ path }) => path).join()
  const likeness = (other: Listed[number]): number =>
    (stem(other.name) === stem(own?.name) ? 4 : 0) +
    (paths(other) === paths(own) ? 2 : 0) +
    (JSON.stringify(other.axes) === JSON.stringify(own?.axes) ? 2 : 0) +
    (other.landscape === own?.landscape ? 1 : 0)
  return all.filter((sweep) => sweep.id !== id).sort((a, b) => likeness(b) - likeness(a))
}
