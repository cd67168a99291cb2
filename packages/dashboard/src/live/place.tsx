import type { Desk, Source } from '@driftfarm/report'
import { createContext, useContext } from 'react'

/** The origin of the documents on the page: a farm or an open report file. */
export interface Place {
  readonly source: Source
  /** The farm, which accepts and changes sweeps; null for a file. */
  readonly desk: Desk | null
  /** Name of the file; null for a farm. */
  readonly fileName: string | null
}

const PlaceContext = createContext<Place | null>(null)

export const PlaceProvider = PlaceContext.Provider

export function usePlace(): Place & { readonly isFarm: boolean } {
  const place = useContext(PlaceContext)
  if (place === null) throw new Error('usePlace needs a PlaceProvider above it')
  return { ...place, isFarm: place.desk !== null }
}

export const useSource = (): Source => usePlace().source

/** The farm, for views that report files do not have. */
export function useDesk(): Desk {
  const { desk } = usePlace()
  if (desk === null) throw new Error('a report file is read-only: go back to the farm to submit or change sweeps')
  return desk
}
