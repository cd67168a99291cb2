import { createContext, useContext } from 'react'
import { type DocumentOrigin, useDocumentOrigin } from './documentOrigin.tsx'

export interface Session {
  /** Name of the token; null if none is needed. */
  readonly token: string | null
  readonly role: 'read' | 'submit' | 'admin'
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

/** Whether the reader may create and change sweeps. */
export function useMayChange(): boolean {
  const { isFarm } = useDocumentOrigin()
  return useSession().role !== 'read' && isFarm
}
