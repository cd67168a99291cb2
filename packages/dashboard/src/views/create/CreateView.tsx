import type { ResolvedSpec } from '@driftfarm/report'
import type { SpecFinding } from '@driftfarm/spec'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ChangeEvent, lazy, Suspense, useMemo, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { type Draft, forgetDraft } from '../../compute/draft.ts'
import { resolveSpec } from '../../compute/resolveSpec.ts'
import { useFarmClient } from '../../live/documentOrigin.tsx'
import { useSettled } from '../../live/useSettled.ts'
import { Button, Field } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { UpdateFormulas } from '../../parts/UpdateFormulas.tsx'
import { Changed } from './Changed.tsx'
import { Cost } from './Cost.tsx'
import { formOf } from './form.ts'
import { Gallery } from './Gallery.tsx'
import { LandscapePicture, pictureOf } from './LandscapePicture.tsx'
import { Mistakes } from './Mistakes.tsx'
import { Questions } from './Questions.tsx'
import { useDraft } from './useDraft.ts'

/** Loaded when it is shown, since it is as large as the rest of the page. */
const CodeEditor = lazy(() => import('./CodeEditor.tsx').then(({ CodeEditor }) => ({ default: CodeEditor })))

/** Mistakes and pictures follow after this pause in the typing, in ms. */
const pauseMs = 400

const noFiles: ReadonlyMap<string, Uint8Array> = new Map()
const noMistakes: readonly SpecFinding[] = []

export function CreateView() {
  const { from } = useSearch({ from: '/new' })
  return <Create key={from} from={from} />
}

function Create({ from }: { readonly from: string | undefined }) {
  useTitle('New sweep')
  const farmClient = useFarmClient()
  const navigate = useNavigate()
  const { draft, original, error, others, change, exchange } = useDraft(from)
  const { text = '', files = noFiles } = draft ?? {}
  const [isChoosing, setChoosing] = useState(false)
  // Another spec begins with other answers.
  const [opened, setOpened] = useState(0)
  const written = useSettled(text, pauseMs)
  const checked = useMemo(() => checkedOf(written, files), [written, files])
  const form = useMemo(() => formOf(text), [text])
  const submit = useMutation({
    mutationFn: (spec: ResolvedSpec) => farmClient.submit(spec),
    onSuccess: (submission) => {
      forgetDraft()
      void navigate({ to: '/sweeps/$ref', params: { ref: submission.id }, state: { submission } })
    },
  })
  const picture = useMemo(() => (checked.spec === null ? null : pictureOf(checked.spec.sweep)), [checked.spec])
  const first = useMemo(() => checked.spec?.sweep.cell(0).cell ?? null, [checked.spec])
  const [shownPicture, shownForm, shownCell] = [useLast(picture), useLast(form), useLast(first)]
  if (error !== null) return <Failure title="New sweep" error={error} />
  if (draft === null) return <Waiting>Loading the spec</Waiting>

  const mistakes = checked.error?.errors ?? noMistakes
  const unread = mistakes.flatMap(({ code, value }) =>
    code === 'FILE' && value !== null ? [value.replaceAll('"', '')] : [],
  )
  const missing = [...new Set(unread)].filter((name) => !files.has(name))
  const isCurrent = written === text
  const spec = isCurrent ? checked.spec : null
  const write = (next: string): void => change({ text: next })
  const begin = (next: Draft): void => {
    exchange(next)
    setOpened(opened + 1)
    // A reload of the address would begin with the copy of another sweep.
    if (next.from !== from) void navigate({ to: '/new', search: { from: next.from }, replace: true })
  }
  const open = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const chosen = [...(event.target.files ?? [])]
    const isSpec = ({ name }: File): boolean => /\.(ya?ml|json)$/i.test(name)
    const spec = (await chosen.find(isSpec)?.text()) ?? text
    const next = new Map(files)
    for (const file of chosen)
      if (!isSpec(file)) next.set(nameOf(file.name, spec), new Uint8Array(await file.arrayBuffer()))
    change({ text: spec, files: next })
    setOpened(opened + 1)
  }
  return (
    <section className="create">
      <h1>
        New sweep <Help to="spec" />
      </h1>
      {original !== null && <Changed original={original} text={text} hasFiles={files.size > 0} />}
      <div className="controls">
        <Button label="Start from an example" onClick={() => setChoosing(true)} />
        {others.map(([label, other]) => (
          <Button key={label} label={label} onClick={() => begin(other!)} />
        ))}
        <Field label="Open a spec and its data files" type="file" multiple onChange={open} />
        {files.size > 0 && <span className="faint">Data files: {[...files.keys()].join(', ')}</span>}
      </div>
      {missing.length > 0 && (
        <div className="notice">
          <Field label={`Open the data of this spec: ${missing.join(', ')}`} type="file" multiple onChange={open} />
        </div>
      )}
      {isChoosing && (
        <Gallery
          open={({ text, files }) => {
            begin({ text, files })
            setChoosing(false)
          }}
          onClose={() => setChoosing(false)}
        />
      )}
      <div className="create-columns">
        <div key={opened}>
          {shownPicture !== null && <LandscapePicture picture={shownPicture} height={220} isOld={picture === null} />}
          {shownForm !== null && (
            <Questions text={text} form={shownForm} isReadable={form !== null} mistakes={mistakes} change={write}>
              {shownCell !== null && <UpdateFormulas cell={shownCell} />}
            </Questions>
          )}
        </div>
        <div>
          <Suspense fallback={<Waiting>Loading the editor</Waiting>}>
            <CodeEditor text={text} change={write} mistakes={mistakes} />
          </Suspense>
          <div role="status" aria-live="polite">
            <Mistakes
              mistakes={mistakes}
              apply={(fix) => isCurrent && write(`${text.slice(0, fix.from)}${fix.text}${text.slice(fix.to)}`)}
            />
            {mistakes.length === 0 && checked.error !== null && <Failure error={checked.error} />}
            {checked.spec !== null && <p>{sizeOf(checked.spec)}</p>}
          </div>
          <Cost spec={spec}>
            <Button
              className="primary"
              disabled={spec === null || submit.isPending}
              onClick={() => submit.mutate(spec!)}
              label={submit.isPending ? 'Submitting …' : 'Submit'}
            />
          </Cost>
          {submit.error !== null && <Failure error={submit.error} />}
        </div>
      </div>
    </section>
  )
}

/** While the text has mistakes, the last picture and the last answers stay. */
function useLast<T>(value: T | null): T | null {
  const [last, setLast] = useState(value)
  if (value !== null && value !== last) setLast(value)
  return value ?? last
}

const sizeOf = ({ sweep: { name, cellCount, maxTrials } }: ResolvedSpec): string =>
  `${name}: ${counted(cellCount)} ${cellCount === 1 ? 'cell' : 'cells'}, at most ${counted(String(maxTrials))} trials.`

/** The name by which the spec reads a file. Browsers tell only the last part of a path. */
const nameOf = (file: string, text: string): string =>
  [...text.matchAll(/[\w./-]+/g)].map(([word]) => word).find((word) => word.endsWith(`/${file}`)) ?? file

function checkedOf(text: string, files: ReadonlyMap<string, Uint8Array>) {
  if (text.trim() === '') return { spec: null, error: null }
  try {
    return { spec: resolveSpec(text, files), error: null }
  } catch (error) {
    return { spec: null, error: error as Error & { readonly errors?: readonly SpecFinding[] } }
  }
}
