import type { SweepState } from '@driftfarm/spec'
import { useState } from 'react'
import { useFarmClient } from '../live/documentOrigin.tsx'
import { useLive } from '../live/liveness.tsx'
import { Button, Copy, Dialog } from './controls.tsx'
import { shortId } from './format.ts'
import { type Verb, verbs } from './verbs.ts'

/** A sweep with its state, which determines the allowed actions. */
export interface Acted {
  readonly id: string
  readonly name: string
  readonly state: SweepState
}

interface Props {
  readonly verb: Verb
  readonly sweeps: readonly Acted[]
  /** `isDone`: the action was carried out for all sweeps. Otherwise the reader has closed the dialog. */
  onClose(isDone: boolean): void
}

const maxNamed = 20

export function ActDialog({ verb, sweeps, onClose }: Props) {
  const farmClient = useFarmClient()
  const { name, does, command, allows } = verbs[verb]
  const able = sweeps.filter(({ state }) => allows(state))
  const others = sweeps.length - able.length
  const { acted } = useLive()
  const [typed, setTyped] = useState('')
  const [failed, setFailed] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const wanted = able.length === 1 ? able[0]!.name : String(able.length)
  const isSure = verb !== 'remove' || typed === wanted

  const act = async (): Promise<void> => {
    setBusy(true)
    const faults: string[] = []
    for (const sweep of able)
      try {
        if (verb === 'remove') await farmClient.remove(sweep.id)
        else await farmClient.act(sweep.id, { do: verb })
      } catch (error) {
        faults.push(`${sweep.name}: ${(error as Error).message}`)
      }
    setBusy(false)
    if (verb !== 'remove') acted()
    if (faults.length === 0) onClose(true)
    else setFailed(faults)
  }

  return (
    <Dialog
      title={`${name} ${able.length === 1 ? able[0]!.name : `${able.length} sweeps`}`}
      onClose={() => onClose(false)}
      isBusy={busy}
    >
      <p>{does}</p>
      {able.length > 1 && (
        <ul className="names">
          {able.slice(0, maxNamed).map(({ id, name: each }) => (
            <li key={id}>{each}</li>
          ))}
          {able.length > maxNamed && <li>and {able.length - maxNamed} more</li>}
        </ul>
      )}
      {others > 0 && (
        <p className="faint">
          {others} selected {others === 1 ? 'sweep is' : 'sweeps are'} in a state that does not allow this action.
        </p>
      )}
      <p className="faint">The same action on the command line:</p>
      <Copy
        text={
          able.length === 1
            ? `driftfarm ${command} ${shortId(able[0]!.id)}`
            : `for s in ${able.map(({ id }) => shortId(id)).join(' ')}; do driftfarm ${command} $s; done`
        }
      />
      {verb === 'remove' && (
        <p>
          <label htmlFor="sure">
            To confirm, type <strong>{wanted}</strong>
          </label>{' '}
          <input id="sure" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </p>
      )}
      {failed.length > 0 && (
        <div className="failure" role="alert">
          {failed.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <p className="dialog-end">
        <Button label="Go back" disabled={busy} onClick={() => onClose(false)} />
        <Button
          label={name}
          className={verb === 'remove' ? 'danger' : 'primary'}
          disabled={!isSure || busy || able.length === 0}
          onClick={act}
        />
      </p>
    </Dialog>
  )
}
