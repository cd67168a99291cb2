import type { EventsAt, ExitFunction } from '@driftfarm/kernel'

/** The events that hold at every theta in a part of space. Regions with equal events are the same object. */
export interface Region extends EventsAt {
  readonly key: string
}

export type RegionAt = (theta: ArrayLike<number>) => Region

export function regionFinder(exits: ExitFunction): RegionAt {
  const known = new Map<string, Region>()
  return (theta) => {
    const events = exits.at(theta)
    const key = keyOf(events)
    let region = known.get(key)
    if (region === undefined) {
      region = { ...events, key }
      known.set(key, region)
    }
    return region
  }
}

/** The key is concatenated by hand for speed, because a chain in a plane needs a million keys. */
function keyOf({ finite, marks, exit, diverged, converges, centre, class: sort }: EventsAt): string {
  return `${finite}${marks}${diverged}${converges}${named(exit)}${named(centre)}${named(sort)}`
}

function named(name: string | null): string {
  return name === null ? '-' : `[${name.length} ${name}]`
}
