import type { PlanData, ResolvedSpec } from '@driftfarm/report'
import type { SpecFinding, Sweep } from '@driftfarm/spec'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ChangeEvent, useEffect, useMemo, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { handoverKey } from '../../compute/playSpec.ts'
import { resolveSpec } from '../../compute/resolveSpec.ts'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { Button, Field } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Planned } from './Planned.tsx'
import { SpecEditor } from './SpecEditor.tsx'

export function CreateView() {
  const { from } = useSearch({ from: '/new' })
  const farmClient = useFarmClient()
  const navigate = useNavigate()
  useTitle('New sweep')
  const [text, setText] = useState<string | null>(null)
  const [files, setFiles] = useState<ReadonlyMap<string, Uint8Array>>(new Map())
  const origin = useAnswer('origins', { sweep: from ?? '' }, { enabled: from !== undefined })
  useEffect(() => {
    if (text === null && (from === undefined || origin.data !== undefined))
      setText(origin.data?.spec ?? takeHandover() ?? begin)
  }, [text, from, origin.data])

  const written = useSlowly(text ?? '', 400)
  const checked = useMemo(() => checkedOf(written, files), [written, files])
  const plan = useMutation({ mutationFn: (spec: ResolvedSpec): Promise<PlanData> => farmClient.plan(spec) })
  const submit = useMutation({
    mutationFn: (spec: ResolvedSpec) => farmClient.submit(spec),
    onSuccess: (submission) =>
      void navigate({ to: '/sweeps/$ref', params: { ref: submission.id }, state: { submission } }),
  })
  const mistakes = checked.error?.errors ?? []
  const spec = written === text ? checked.spec : null

  if (origin.error !== null) return <Failure title="New sweep" error={origin.error} />
  if (text === null) return <Waiting>Loading the spec</Waiting>
  const open = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const next = new Map(files)
    for (const file of event.target.files ?? []) {
      if (/\.(ya?ml|json)$/i.test(file.name)) setText(await file.text())
      else next.set(file.name, new Uint8Array(await file.arrayBuffer()))
    }
    setFiles(next)
  }
  return (
    <section className="create">
      <h1>New sweep</h1>
      <div className="controls">
        <Field label="Open a spec and its data files" type="file" multiple onChange={open} />
        {files.size > 0 && <span className="faint">Data files: {[...files.keys()].join(', ')}</span>}
      </div>
      <SpecEditor text={text} change={setText} mistakes={mistakes} />
      <div role="status" aria-live="polite">
        {mistakes.length > 0 ? (
          <ul className="mistakes">
            {mistakes.map(({ line, column, path, message, hint }) => (
              <li key={`${line} ${column} ${path} ${message}`}>
                {line === null ? '' : `${line}:${column} `}
                {message.replace(/^spec:(\d+:\d+: )?/, '')}
                {message.includes(hint) ? '' : ` (${hint})`}
              </li>
            ))}
          </ul>
        ) : checked.error !== null ? (
          <Failure error={checked.error} />
        ) : checked.spec !== null ? (
          <Size {...checked.spec.sweep} />
        ) : null}
      </div>
      <div className="actions">
        <Button
          disabled={spec === null || plan.isPending}
          onClick={() => plan.mutate(spec!)}
          label={plan.isPending ? 'Estimating …' : 'Estimate cost'}
        />
        <Button
          className="primary"
          disabled={spec === null || submit.isPending}
          onClick={() => submit.mutate(spec!)}
          label={submit.isPending ? 'Submitting …' : 'Submit'}
        />
      </div>
      {plan.error !== null && <Failure error={plan.error} />}
      {submit.error !== null && <Failure error={submit.error} />}
      {plan.data !== undefined && <Planned plan={plan.data} />}
    </section>
  )
}

const Size = ({ name, cellCount, maxTrials }: Sweep) => (
  <p>
    {name}: {counted(cellCount)} {cellCount === 1 ? 'cell' : 'cells'}, at most {counted(String(maxTrials))} trials.
  </p>
)

/** Returns the spec that the playground has stored for this view, and removes it from the storage. */
function takeHandover(): string | null {
  const spec = sessionStorage.getItem(handoverKey)
  sessionStorage.removeItem(handoverKey)
  return spec
}

interface Checked {
  readonly spec: ResolvedSpec | null
  readonly error: (Error & { readonly errors?: readonly SpecFinding[] }) | null
}

function checkedOf(text: string, files: ReadonlyMap<string, Uint8Array>): Checked {
  if (text.trim() === '') return { spec: null, error: null }
  try {
    return { spec: resolveSpec(text, files), error: null }
  } catch (error) {
    return { spec: null, error: error as Error }
  }
}

/** The initial text of the editor: a spec that runs in seconds. */
export const begin = `version: 1
name: my-first
seed: 1
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 200, escape: 'x >= 0' }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  update.drift.sigma: { from: 0.5, to: 2, count: 7 }
trials: 10000
`
