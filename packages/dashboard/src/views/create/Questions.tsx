import { defaultReplicas, lawNames, numberedLaws, presets, type SpecFinding } from '@driftfarm/spec'
import { type ReactNode, useRef } from 'react'
import { changedSpec, type SpecChange } from '../../compute/changeSpec.ts'
import { Answer } from '../../parts/Answer.tsx'
import { Button, Select } from '../../parts/controls.tsx'
import { counted } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { Axes } from './Axes.tsx'
import {
  changesOfLandscape,
  changesOfLaw,
  changesOfMethod,
  type Form,
  type KeptMethod,
  keptFormula,
  keptMethod,
  listOf,
  methodChoices,
  methodOf,
  ownFormula,
  settingOf,
  valueAt,
} from './form.ts'
import { minimaOf } from './suggestions.ts'

interface Props {
  readonly text: string
  readonly form: Form
  /** Whether the text is valid YAML, so that an answer can be written into it. */
  readonly isReadable: boolean
  readonly mistakes: readonly SpecFinding[]
  change(text: string): void
  /** Shown below the noise. */
  readonly children: ReactNode
}

/** Whoever writes more replicas probably meant trials. */
const manyReplicas = 1000

/** Questions that write the spec. Whatever else the text contains stays as it is. */
export function Questions({ text, form, isReadable, mistakes, change, children }: Props) {
  const set = (...changes: readonly SpecChange[]): void => change(changedSpec(text, changes))
  const { document, preset } = form
  const kept = useRef<KeptMethod>({})
  kept.current = keptMethod(kept.current, form)
  const own = useRef<readonly SpecChange[]>([])
  if (preset === ownFormula) own.current = keptFormula(form)
  const answer = (
    path: string,
    label: string,
    read: (typed: string) => unknown = settingOf,
    value: unknown = valueAt(document, path),
    write = (next: unknown) => set({ path, value: next }),
  ) => {
    const isVaried = form.axes.some((axis) => axis.path === path)
    // A mistake of a setting that is varied may be one of its axis.
    const isOwn = (wrong: string | null) => !isVaried || wrong === JSON.stringify(value)
    return (
      <Answer
        key={path}
        label={label}
        value={read === listOf && Array.isArray(value) ? value.join(', ') : value}
        read={read}
        write={write}
        note={isVaried ? 'varied below' : null}
        isWrong={mistakes.some((mistake) => mistake.path === path && isOwn(mistake.value))}
      />
    )
  }
  const start = document.start
  const minima = minimaOf(document)
  const minimum = valueAt(document, 'start.minimum')
  const drift = valueAt(document, 'update.drift')
  const law = valueAt(drift, 'law') ?? 'gaussian'
  const isPlain = typeof drift === 'object' && lawNames.some((name) => name === law)
  const number = numberedLaws.find(({ name }) => isPlain && name === law)
  const scale = ['step', 'temperature'].find((key) => valueAt(drift, key) !== undefined) ?? 'sigma'
  const { kind, replicas, particles } = methodOf(document)
  const setMethod = (next: string, settings: object = {}) => set(...changesOfMethod(form, next, settings, kept.current))
  return (
    <form className="questions" aria-label="Questions" onSubmit={(event) => event.preventDefault()}>
      {!isReadable && <p className="notice">To use these questions, correct the YAML of the text first.</p>}
      <fieldset disabled={!isReadable}>
        <div className="controls">{answer('name', 'Name of the sweep', wordsOf)}</div>
        <Question title="1. Which landscape?">
          <Select
            label="Landscape"
            value={preset ?? ''}
            options={[...(preset === null ? [inText] : []), ...named([...presets.map(({ name }) => name), ownFormula])]}
            choose={(name) =>
              name !== '' && set(...changesOfLandscape(form, name), ...(name === ownFormula ? own.current : []))
            }
          />
          {preset === ownFormula && (
            <>
              {answer('landscape.formula.expression', 'Loss L', wordsOf)}
              {answer('landscape.formula.variables', 'Coordinates', listOf, undefined, (names) => {
                // The start gets as many coordinates.
                const point = Array.isArray(start) && (names as unknown[]).map((_, i) => start[i] ?? 0)
                set(
                  { path: 'landscape.formula.variables', value: names },
                  ...(point ? [{ path: 'start', value: point }] : []),
                )
              })}
            </>
          )}
          <p className="faint">{presets.find(({ name }) => name === preset)?.summary}</p>
        </Question>
        <Question title="2. Where does a trial start, and when has it escaped?">
          {Array.isArray(start) && answer('start', 'Start at the point', listOf)}
          {minima.length > 0 && (
            <Select
              label="Start at the minimum"
              value={typeof minimum === 'string' ? minimum : ''}
              options={typeof minimum === 'string' ? named([minimum, ...minima]) : [inText, ...named(minima)]}
              choose={(value) => value !== '' && set({ path: 'start', value: { minimum: value } })}
            />
          )}
          {answer('trial.escape', 'Escaped when', wordsOf)}
          <Help to="escape" />
        </Question>
        <Question title="3. Which noise, and which step size?">
          {isPlain && (
            <Select
              label="Distribution"
              value={String(law)}
              options={named(lawNames)}
              choose={(name) => set(...changesOfLaw(name))}
            />
          )}
          {number && answer(`update.drift.${number.key}`, `${number.description.split(' of the ')[0]} ${number.key}`)}
          {answer(`update.drift.${scale}`, `Scale ${scale}`)}
          {answer('update.eta', 'Step size eta')}
          {answer('trial.steps', 'Steps')}
          <Help to="drift" />
          {children}
        </Question>
        <Question title="4. What do you vary?">
          <Axes form={form} mistakes={mistakes} set={set} />
        </Question>
        <Question title="5. Which method, and how many trials in each cell?">
          {valueAt(document, 'trial.escape') !== undefined && (
            <Select
              label="Method"
              value={kind ?? ''}
              options={kind === null ? [inText, ...methodChoices] : methodChoices}
              choose={(name) => name !== '' && setMethod(name)}
            />
          )}
          {kind !== 'splitting' && answer('trials', 'Trials')}
          {kind !== null &&
            kind !== 'direct' &&
            Object.entries({ Replicas: replicas, 'Particles in a replica': particles }).map(([label, value]) => {
              const key = label.split(' ')[0]!.toLowerCase()
              return answer(`method.${kind}.${key}`, label, settingOf, value, (next) =>
                setMethod(kind, { [key]: next }),
              )
            })}
          {kind !== null && Number(replicas) > manyReplicas && (
            <p className="notice">
              {counted(Number(replicas))} replicas of {counted(Number(particles))} particles. {defaultReplicas} replicas
              usually suffice.{' '}
              <Button
                label={`Use ${defaultReplicas} replicas`}
                small
                onClick={() => setMethod(kind, { replicas: defaultReplicas })}
              />
            </p>
          )}
        </Question>
      </fieldset>
    </form>
  )
}

const wordsOf = (typed: string): string | undefined => typed.trim() || undefined

const named = (names: readonly string[]) => [...new Set(names)].map((name) => [name, name] as const)

const inText = ['', 'as in the text'] as const

const Question = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <fieldset>
    <legend>{title}</legend>
    {children}
  </fieldset>
)
