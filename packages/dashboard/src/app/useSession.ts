import { createContext, useContext } from 'react'
import type { Place } from '../live/place.tsx'

export type Role = 'read' | 'submit' | 'admin'

export interface Session {
  /** Name of the token; null: none is needed. */
  readonly token: string | null
  readonly role: Role
  signIn(secret: string): Promise<void>
  signOut(): Promise<void>
  /** Shows a report file in place of the farm; null goes back to the farm. */
  show(place: Place | null): void
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('there is no session')
  return session
}
