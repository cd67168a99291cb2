import type { Desk, Source } from '@driftfarm/report'
import { createContext, useContext } from 'react'

/** Where the page's documents come from: a farm, or a report file that was opened in it. */
export interface Place {
  readonly source: Source
  /** The farm behind it, which takes sweeps and changes them; null of a file. */
  readonly desk: Desk | null
  /** Name of the file; null of a farm. */
  readonly fileName: string | null
}

const PlaceContext = createContext<Place | null>(null)

export const PlaceProvider = PlaceContext.Provider

export function usePlace(): Place & { readonly isFarm: boolean } {
  const place = useContext(PlaceContext)
  if (place === null) throw new Error('there is no place to ask')
  return { ...place, isFarm: place.desk !== null }
}

export const useSource = (): Source => usePlace().source

/** The farm, in views that a file does not have. */
export function useDesk(): Desk {
  const { desk } = usePlace()
  if (desk === null) throw new Error('a report file takes no sweeps and changes none')
  return desk
}
