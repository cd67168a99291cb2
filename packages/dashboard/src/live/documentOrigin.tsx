import type { FarmClient, LiveSource } from '@driftfarm/report'
import { createContext, useContext } from 'react'

export interface DocumentOrigin {
  readonly source: LiveSource
  /** The farm, which accepts and changes sweeps; null for a file. */
  readonly farmClient: FarmClient | null
  readonly fileName: string | null
}

export interface Session {
  /** Name of the token; null if none is needed. */
  readonly token: string | null
  readonly role: 'read' | 'submit' | 'admin'
  /** The address of the documentation, with a slash at its end; null if the farm knows none. */
  readonly docs: string | null
  /** Where documents come from; absent on the documentation's site. */
  readonly place?: DocumentOrigin
  signIn(secret: string): Promise<void>
  signOut(): Promise<void>
  /** Shows a report file instead of the farm; null shows the farm again. */
  show(place: DocumentOrigin | null): void
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('useSession needs a SessionProvider above it')
  return session
}

export function useDocumentOrigin(): DocumentOrigin & { readonly isFarm: boolean } {
  const place = useSession().place!
  return { ...place, isFarm: place.farmClient !== null }
}

/** Whether the reader may create and change sweeps. */
export function useMayChange(): boolean {
  const { role, place } = useSession()
  return role !== 'read' && (place?.farmClient ?? null) !== null
}

export const useSource = (): LiveSource => useDocumentOrigin().source

/** Returns the farm, for views that do not work with report files. Throws if the page shows a report file. */
export function useFarmClient(): FarmClient {
  const { farmClient } = useDocumentOrigin()
  if (farmClient === null) throw new Error('a report file is read-only: go back to the farm to submit or change sweeps')
  return farmClient
}
