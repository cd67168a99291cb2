import { useNavigate, useSearch } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { keepDraft } from '../../compute/draft.ts'
import { type Chosen, presetNamed, presets, rangesOf, specOf } from '../../compute/playSpec.ts'
import { usePlay } from '../../compute/usePlay.ts'
import { useMayChange } from '../../live/documentOrigin.tsx'
import { Answer } from '../../parts/Answer.tsx'
import { Button, Copy, Field, Select, saved } from '../../parts/controls.tsx'
import { Help } from '../../parts/Help.tsx'
import { Played } from './Played.tsx'
import { Slider } from './Slider.tsx'
import { chosenIn, type PlaySearch, playSearch } from './search.ts'

export function PlayView() {
  // The documentation's site has a router of its own.
  const search = playSearch.parse(useSearch({ strict: false }))
  const navigate = useNavigate()
  const mayRun = useMayChange()
  const set = (part: PlaySearch): void => void navigate({ to: '/play', search: { ...search, ...part }, replace: true })
  const chosen = chosenIn(search)
  const { spec = specOf(chosen), cell = 0, stage } = search
  const isTyped = search.spec !== undefined
  const [kept, setKept] = useState<PlaySearch | null>(null)
  useTitle('Playground')
  const play = usePlay(spec, isTyped ? null : chosen.preset, cell)
  return (
    <section className="play">
      <h1>
        Playground <Help to="drift" />
      </h1>
      <p>
        Gradient descent with drift. Drift is noise that is deliberately added to every update.{' '}
        {isTyped ? (
          'Type a spec below: its trials run in this browser.'
        ) : (
          <>
            A trial starts at the minimum <q>{presetNamed(chosen.preset).start}</q> and counts as escaped once{' '}
            <code>{presetNamed(chosen.preset).escape}</code>.
          </>
        )}{' '}
        This page runs trials with the same kernel as a farm.
      </p>
      {isTyped ? (
        <Typed spec={spec} cell={cell} cells={play.ground?.cells ?? 1} set={set} />
      ) : (
        <Sliders chosen={chosen} set={set} />
      )}
      <Played {...play} stage={stage} choose={(next) => set({ stage: next })} />
      <div className="actions">
        {mayRun && (
          <Button
            className="primary"
            // A farm can have data files, which this page cannot read.
            disabled={isTyped && (play.isOld || (play.error?.code !== undefined && play.error.code !== 'FILE'))}
            onClick={() => {
              keepDraft({ text: spec })
              void navigate({ to: '/new' })
            }}
            label="Run this on the farm"
          />
        )}
        {isTyped ? (
          <Button
            label="Back to the sliders"
            onClick={() => {
              setKept(spec === specOf(chosen) ? null : { spec, cell })
              set({ spec: undefined, cell: undefined })
            }}
          />
        ) : (
          <Button label="Edit the spec" onClick={() => set(kept ?? { spec })} />
        )}
        <Button label="Save the spec" onClick={() => saved('play.yaml', 'application/yaml', spec)} />
        <Copy text="driftfarm run play.yaml" />
      </div>
    </section>
  )
}

interface Settable {
  set(part: PlaySearch): void
}

function Sliders({ chosen: { preset, eta, sigma, steps, seed }, set }: Settable & { readonly chosen: Chosen }) {
  const ranges = rangesOf(preset)
  const whole = (next: PlaySearch): void => set({ landscape: preset, eta, sigma, steps, seed, ...next })
  return (
    <div className="controls">
      <Select
        label="Landscape"
        value={preset}
        options={presets.map(({ name }) => [name, name])}
        // Each landscape has its own usual settings.
        choose={(landscape) => set({ landscape, eta: undefined, sigma: undefined, steps: undefined })}
      />
      <Slider label="Step size eta" value={eta} range={ranges.eta} change={(next) => whole({ eta: next })} />
      <Slider label="Drift sigma" value={sigma} range={ranges.sigma} change={(next) => whole({ sigma: next })} />
      <Slider label="Steps" value={steps} range={ranges.steps} change={(next) => whole({ steps: Math.round(next) })} />
      <Answer
        label="Seed"
        inputMode="numeric"
        value={seed}
        read={(typed) => (/^\d{1,9}$/.test(typed) ? Number(typed) : undefined)}
        write={(next) => whole({ seed: Number(next) })}
      />
    </div>
  )
}

type TypedProps = Settable & { readonly spec: string; readonly cell: number; readonly cells: number }

function Typed({ spec, cell, cells, set }: TypedProps) {
  const id = useId()
  const [text, setText] = useState(spec)
  return (
    <div>
      <label htmlFor={id}>Spec</label>
      <textarea
        id={id}
        className="play-spec"
        rows={10}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          set({ spec: event.target.value || ' ' })
        }}
      />
      {cells > 1 && (
        <Field
          label={`Cell (0 to ${cells - 1})`}
          type="number"
          min={0}
          max={cells - 1}
          value={cell}
          onChange={(event) => set({ cell: Number(event.target.value) })}
        />
      )}
    </div>
  )
}
