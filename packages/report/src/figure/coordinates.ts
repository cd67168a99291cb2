import type { Landscape } from '@driftfarm/spec'

/** The names of coordinates in event conditions. Without named variables, as in a network, they are x[1], x[2], ... */
export function coordinatesOf({ variables, dimension }: Landscape): readonly string[] {
  return variables ?? Array.from({ length: dimension }, (_, i) => `x[${i + 1}]`)
}
