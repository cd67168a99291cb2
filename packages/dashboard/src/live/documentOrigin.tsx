import type { FarmClient, LiveSource } from '@driftfarm/report'
import { createContext, useContext } from 'react'

export interface DocumentOrigin {
  readonly source: LiveSource
  /** The farm, which accepts and changes sweeps; null for a file. */
  readonly farmClient: FarmClient | null
  readonly fileName: string | null
}

const PlaceContext = createContext<DocumentOrigin | null>(null)

export const DocumentOriginProvider = PlaceContext.Provider

export function useDocumentOrigin(): DocumentOrigin & { readonly isFarm: boolean } {
  const place = useContext(PlaceContext)
  if (place === null) throw new Error('useDocumentOrigin needs a DocumentOriginProvider above it')
  return { ...place, isFarm: place.farmClient !== null }
}

export const useIsFarm = (): boolean => (useContext(PlaceContext)?.farmClient ?? null) !== null

export const useSource = (): LiveSource => useDocumentOrigin().source

/** Returns the farm, for views that do not work with report files. Throws if the page shows a report file. */
export function useFarmClient(): FarmClient {
  const { farmClient } = useDocumentOrigin()
  if (farmClient === null) throw new Error('a report file is read-only: go back to the farm to submit or change sweeps')
  return farmClient
}
