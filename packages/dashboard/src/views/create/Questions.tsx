import { presets } from '@driftfarm/spec'
import type { ReactNode } from 'react'
import { changedSpec, type SpecChange } from '../../compute/changeSpec.ts'
import { Select } from '../../parts/controls.tsx'
import { Help } from '../../parts/Help.tsx'
import { Answer } from './Answer.tsx'
import { Axes } from './Axes.tsx'
import { changesOfLandscape, changesOfLaw, type Form, lawChoices, settingOf, valueAt } from './form.ts'
import { minimaOf } from './suggestions.ts'

interface Props {
  readonly text: string
  readonly form: Form
  /** Whether the text is valid YAML, so that an answer can be written into it. */
  readonly isReadable: boolean
  change(text: string): void
}

/** Five questions that write the spec. Whatever else the text contains stays as it is. */
export function Questions({ text, form, isReadable, change }: Props) {
  const set = (...changes: readonly SpecChange[]): void => change(changedSpec(text, changes))
  const { document, preset } = form
  const setting = (path: string, label: string) => (
    <Answer
      label={label}
      value={valueAt(document, path)}
      read={settingOf}
      write={(value) => set({ path, value })}
      note={form.axes.some((axis) => axis.path === path) ? 'varied below' : null}
    />
  )
  const minima = minimaOf(document)
  const minimum = valueAt(document, 'start.minimum')
  const law = valueAt(document, 'update.drift.law') ?? 'gaussian'
  const isPlain = typeof valueAt(document, 'update.drift') === 'object' && lawChoices.some(([name]) => name === law)
  return (
    <form className="questions" aria-label="Questions" onSubmit={(event) => event.preventDefault()}>
      {!isReadable && <p className="notice">To use these questions, correct the YAML of the text first.</p>}
      <fieldset disabled={!isReadable}>
        <Question title="1. Which landscape?">
          <Select
            label="Landscape"
            value={preset ?? ''}
            options={[...(preset === null ? [inText] : []), ...named(presets.map(({ name }) => name))]}
            choose={(name) => name !== '' && set(...changesOfLandscape(form, name))}
          />
          <p className="faint">{presets.find(({ name }) => name === preset)?.summary}</p>
        </Question>
        <Question title="2. Where does a trial start, and when has it escaped?">
          <Select
            label="Start at the minimum"
            value={typeof minimum === 'string' ? minimum : ''}
            options={typeof minimum === 'string' ? named([minimum, ...minima]) : [inText, ...named(minima)]}
            choose={(value) => value !== '' && set({ path: 'start', value: { minimum: value } })}
          />
          <Answer
            label="Escaped when"
            value={valueAt(document, 'trial.escape')}
            read={(typed) => typed.trim() || undefined}
            write={(value) => set({ path: 'trial.escape', value })}
          />
          <Help to="escape" />
        </Question>
        <Question title="3. Which noise, and which step size?">
          {isPlain && (
            <Select
              label="Distribution"
              value={String(law)}
              options={lawChoices}
              choose={(name) => set(...changesOfLaw(name))}
            />
          )}
          {setting('update.drift.sigma', 'Scale sigma')}
          {setting('update.eta', 'Step size eta')}
          {setting('trial.steps', 'Steps')}
          <Help to="drift" />
        </Question>
        <Question title="4. What do you vary?">
          <Axes form={form} set={set} />
        </Question>
        <Question title="5. How many trials in each cell?">{setting('trials', 'Trials')}</Question>
      </fieldset>
    </form>
  )
}

const named = (names: readonly string[]) => [...new Set(names)].map((name) => [name, name] as const)

const inText = ['', 'as in the text'] as const

const Question = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <fieldset>
    <legend>{title}</legend>
    {children}
  </fieldset>
)
