import { type FormEvent, useState } from 'react'
import { useSession } from '../live/useSession.ts'
import { OpenReport } from '../parts/OpenReport.tsx'
import { Failure } from '../parts/states.tsx'

export function SignIn() {
  const { signIn } = useSession()
  const [secret, setSecret] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setError(null)
    try {
      await signIn(secret)
    } catch (thrown) {
      setError(thrown as Error)
    }
  }
  return (
    <main className="sign-in">
      <h1>Drift Farm</h1>
      <p>This farm requires a token. The administrator of the farm can create one with this command:</p>
      <pre>driftfarm token create NAME --role read</pre>
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          autoComplete="current-password"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <button type="submit" className="primary" disabled={secret.trim() === ''}>
          Sign in
        </button>
      </form>
      {error !== null && <Failure error={error} />}
      <hr />
      <OpenReport />
    </main>
  )
}
