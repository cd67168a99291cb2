import type { EventsAt, ExitFunction } from '@driftfarm/kernel'

/** Which events hold in a part of space, the same at every theta of it. Equal events are one object. */
export interface Region extends EventsAt {
  readonly key: string
}

export type RegionAt = (theta: ArrayLike<number>) => Region

export function regionFinder(exits: ExitFunction): RegionAt {
  const known = new Map<string, Region>()
  return (theta) => {
    const events = exits.at(theta)
    const key = JSON.stringify(Object.values(events))
    let region = known.get(key)
    if (region === undefined) {
      region = { ...events, key }
      known.set(key, region)
    }
    return region
  }
}
