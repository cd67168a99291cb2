import type { Desk } from '@driftfarm/report'
import { createContext, useContext } from 'react'

/** Where the page's documents come from: a farm, or a report file that was opened in it. */
export interface Place {
  readonly desk: Desk
  /** Whether there is a farm behind it, which takes sweeps and changes them. */
  readonly isFarm: boolean
  /** What is said of it: a file's name. */
  readonly name: string | null
}

const PlaceContext = createContext<Place | null>(null)

export const PlaceProvider = PlaceContext.Provider

export function usePlace(): Place {
  const place = useContext(PlaceContext)
  if (place === null) throw new Error('there is no place to ask')
  return place
}

export const useDesk = (): Desk => usePlace().desk
