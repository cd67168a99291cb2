import { countText, type FarmClient, removedText } from '@driftfarm/report'
import { useRef, useState } from 'react'
import { useAnswer } from '../live/useAnswer.ts'
import { SameCommand } from './controls.tsx'
import { FormDialog } from './FormDialog.tsx'
import { counted, shortId } from './format.ts'
import { Waiting } from './states.tsx'
import { type Acted, type Verb, verbs } from './verbs.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What was removed, for the list of sweeps. */
    removed?: string
  }
}

interface Props {
  readonly verb: Verb
  readonly sweeps: readonly Acted[]
  /** `removed` says in words what was removed. */
  onClose(removed: string): void
}

const maxNamed = 20

/** Says what a removal deletes. For more sweeps than this, the address of the question would be too long. */
const maxCounted = 400

function Lost({ sweeps }: Pick<Props, 'sweeps'>) {
  const ids = sweeps.map(({ id }) => id)
  const isAsked = ids.length > 0 && ids.length <= maxCounted
  const { data, error } = useAnswer('removal', { sweeps: ids }, { enabled: isAsked })
  if (!isAsked) return null
  if (data === undefined) return <Waiting error={error}>Counting what would be lost</Waiting>
  const { cells, trials, kept } = data
  return (
    <p role="status">
      <strong>
        {countText(cells, 'cell')} and {counted(trials)} trials will be lost
      </strong>
      {kept === 0
        ? '.'
        : `; ${countText(kept, 'cell')} will stay, because other sweeps use ${kept === 1 ? 'it' : 'them'}.`}{' '}
      The same spec gives the same trials again, at the same cost.
    </p>
  )
}

export function ActDialog({ verb, sweeps, onClose }: Props) {
  const { name, does, command, allows } = verbs[verb]
  const able = sweeps.filter(allows)
  const others = sweeps.length - able.length
  const [typed, setTyped] = useState('')
  const wanted = able.length === 1 ? able[0]!.name : String(able.length)
  const isRemoval = verb === 'remove'
  const removed = useRef<string[]>([])
  const change = async (farm: FarmClient): Promise<readonly string[]> => {
    const faults: string[] = []
    for (const { id, name } of able)
      await (isRemoval
        ? farm.remove(id).then((answer) => removed.current.push(removedText(answer)))
        : farm.act(id, { do: verb })
      ).catch(({ message }: Error) => faults.push(message.includes(name) ? message : `${name}: ${message}`))
    if (faults.length > 0) throw new Error(faults.join('; '))
    return []
  }
  return (
    <FormDialog
      title={`${name} ${able.length === 1 ? wanted : `${wanted} sweeps`}`}
      label={`${name} ${able.length === 1 ? 'the sweep' : `${wanted} sweeps`}`}
      isReady={able.length > 0 && (!isRemoval || typed === wanted)}
      isDangerous={isRemoval}
      change={change}
      onClose={() => onClose(removed.current.join('; '))}
    >
      <p>{does}</p>
      {isRemoval && <Lost sweeps={able} />}
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
      <SameCommand
        text={
          able.length === 1
            ? `driftfarm ${command} ${shortId(able[0]!.id)}`
            : `for s in ${able.map(({ id }) => shortId(id)).join(' ')}; do driftfarm ${command} $s; done`
        }
      />
      {isRemoval && (
        <p>
          <label htmlFor="sure">
            To confirm, type <strong>{wanted}</strong>
          </label>{' '}
          <input id="sure" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </p>
      )}
    </FormDialog>
  )
}
