import { RemoteError, Requests, remoteFarmClient } from '@driftfarm/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { type DocumentOrigin, type Session, SessionContext, useSession } from '../live/documentOrigin.tsx'
import { Button, Field, Form } from '../parts/controls.tsx'
import { DroppedReports, OpenReport } from '../parts/OpenReport.tsx'
import { Failure, Waiting } from '../parts/states.tsx'

const address = { url: new URL('.', location.href.split('#')[0]).href }
const farm = remoteFarmClient(address)
const requests = new Requests(address)

/** Time in ms after which the role is requested again if the database did not answer. */
const retryMs = 2_000

type Known = Pick<Session, 'token' | 'role' | 'docs'>

const reader: Known = { token: null, role: 'read', docs: null }

/** Report files and the playground also work without a farm. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [known, setKnown] = useState<Known | 'asking' | 'refused'>('asking')
  const [file, setFile] = useState<DocumentOrigin | null>(null)
  const queries = useQueryClient()
  const ask = useCallback(async function ask(): Promise<void> {
    try {
      setKnown(await requests.data<Known>('/session'))
    } catch (error) {
      // 403: a proxy forwarded the request without a token.
      setKnown(error instanceof RemoteError && [401, 403].includes(error.status) ? 'refused' : reader)
      // The farm answers but its database does not, so the role is still unknown.
      if (error instanceof RemoteError && error.status === 503) setTimeout(ask, retryMs)
    }
  }, [])
  useEffect(() => void ask(), [ask])

  const session = useMemo((): Session | null => {
    if (known === 'asking') return null
    return {
      ...(known === 'refused' ? reader : known),
      place: file ?? { source: farm, farmClient: farm, fileName: null },
      async signIn(secret) {
        const body = JSON.stringify({ token: secret.trim() })
        await requests.send('/session', { method: 'POST', type: 'application/json', body })
        await ask()
      },
      async signOut() {
        await requests.send('/session', { method: 'DELETE' })
        setKnown('refused')
      },
      show(place) {
        queries.clear()
        setFile(place)
      },
    }
  }, [known, file, ask, queries])

  if (session === null) return <Waiting>Connecting to the farm</Waiting>
  return (
    <SessionContext.Provider value={session}>
      <DroppedReports />
      {/* The changed key makes React discard the state of the previous farm or file. */}
      <Fragment key={file?.fileName ?? ''}>{known === 'refused' && file === null ? <SignIn /> : children}</Fragment>
    </SessionContext.Provider>
  )
}

function SignIn() {
  const { signIn } = useSession()
  const [secret, setSecret] = useState('')
  const { mutate, error } = useMutation({ mutationFn: signIn })
  return (
    <main className="sign-in">
      <h1>Drift Farm</h1>
      <p>This farm requires a token. The administrator of the farm can create one with this command:</p>
      <pre>driftfarm token create NAME --role read</pre>
      <Form submit={() => mutate(secret)}>
        <Field
          label="Token"
          type="password"
          autoComplete="current-password"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <Button label="Sign in" type="submit" className="primary" disabled={secret.trim() === ''} />
      </Form>
      {error !== null && <Failure error={error} />}
      <hr />
      <OpenReport />
    </main>
  )
}
