import { createContext, useContext } from 'react'
import { type DocumentOrigin, useIsFarm } from './documentOrigin.tsx'

export interface Session {
  /** Name of the token; null if none is needed. */
  readonly token: string | null
  readonly role: 'read' | 'submit' | 'admin'
  /** The address of the documentation, with a slash at its end; null if the farm knows none. */
  readonly docs: string | null
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
  const isFarm = useIsFarm()
  return useSession().role !== 'read' && isFarm
}
