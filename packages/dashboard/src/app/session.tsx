import { RemoteError, Requests, remoteDesk } from '@driftfarm/api/client'
import type { Desk } from '@driftfarm/report'
import { useQueryClient } from '@tanstack/react-query'
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { type Place, PlaceProvider } from '../live/place.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { DroppedReports } from './OpenReport.tsx'
import { SignIn } from './SignIn.tsx'
import { type Role, type Session, SessionContext } from './useSession.ts'

/** Where the farm is served that has sent this page. */
const address = { url: new URL('.', location.href.split('#')[0]).href }
const farm: Desk = remoteDesk(address)
const requests = new Requests(address)

/** Time in ms after which the role is requested again if the database did not answer. */
const againMs = 2_000

type Known = { readonly token: string | null; readonly role: Role }
type State = { readonly kind: 'asking' } | { readonly kind: 'refused' } | ({ readonly kind: 'in' } & Known)

/** Finds out who asks. Without a farm the page works too: on report files, and to play. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<State>({ kind: 'asking' })
  const [file, setFile] = useState<Place | null>(null)
  const queries = useQueryClient()
  const ask = useCallback(async function ask(): Promise<void> {
    try {
      setState({ kind: 'in', ...(await requests.data<Known>('/session')) })
    } catch (error) {
      // 403: what a proxy has passed on without a token.
      if (error instanceof RemoteError && [401, 403].includes(error.status)) setState({ kind: 'refused' })
      else setState({ kind: 'in', token: null, role: 'read' })
      // The farm answers but its database does not, so the role is still unknown.
      if (error instanceof RemoteError && error.status === 503) setTimeout(ask, againMs)
    }
  }, [])
  useEffect(() => void ask(), [ask])

  const session = useMemo((): Session | null => {
    if (state.kind === 'asking') return null
    const { token, role } = state.kind === 'in' ? state : { token: null, role: 'read' as const }
    return {
      token,
      role,
      async signIn(secret) {
        const body = JSON.stringify({ token: secret.trim() })
        await requests.send('/session', { method: 'POST', type: 'application/json', body })
        await ask()
      },
      async signOut() {
        await requests.send('/session', { method: 'DELETE' })
        setState({ kind: 'refused' })
      },
      show(place) {
        queries.clear()
        setFile(place)
      },
    }
  }, [state, ask, queries])

  if (session === null) return <Waiting>Asking the farm</Waiting>
  const place = file ?? { source: farm, desk: farm, fileName: null }
  return (
    <SessionContext.Provider value={session}>
      <PlaceProvider value={place}>
        <DroppedReports />
        {/* Nothing that was kept of one place is shown of another. */}
        <Fragment key={place.fileName ?? ''}>
          {state.kind === 'refused' && file === null ? <SignIn /> : children}
        </Fragment>
      </PlaceProvider>
    </SessionContext.Provider>
  )
}
