import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import { keepDraft } from '../../compute/draft.ts'
import { beginningOf, type Chosen, presetNamed, presets, rangesOf, specOf } from '../../compute/playSpec.ts'
import { usePlay } from '../../compute/usePlay.ts'
import { useMayChange } from '../../live/useSession.ts'
import { Button, Copy, Field, Select, saved } from '../../parts/controls.tsx'
import { Played } from './Played.tsx'
import { Slider } from './Slider.tsx'

export function PlayView() {
  const [chosen, choose] = useState<Chosen>(() => beginningOf('double-well', 1))
  const mayRun = useMayChange()
  const navigate = useNavigate()
  const spec = useMemo(() => specOf(chosen), [chosen])
  const ranges = rangesOf(chosen.preset)
  const { start, escape } = presetNamed(chosen.preset)
  const set = (part: Partial<Chosen>): void => choose((old) => ({ ...old, ...part }))
  useTitle('Playground')
  const play = usePlay(spec, chosen.preset)
  return (
    <section className="play">
      <h1>Playground</h1>
      <p>
        Gradient descent with drift. Drift is noise that is deliberately added to every update. Each dot is a trial. A
        trial starts at the minimum <q>{start}</q> and counts as escaped once <code>{escape}</code>. This page runs
        trials with the same kernel as a farm.
      </p>
      <div className="controls">
        <Select
          label="Landscape"
          value={chosen.preset}
          options={presets.map(({ name }) => [name, name])}
          choose={(preset) => choose(beginningOf(preset, chosen.seed))}
        />
        <Slider label="Step size eta" value={chosen.eta} range={ranges.eta} change={(eta) => set({ eta })} />
        <Slider label="Drift sigma" value={chosen.sigma} range={ranges.sigma} change={(sigma) => set({ sigma })} />
        <Slider
          label="Steps"
          value={chosen.steps}
          range={ranges.steps}
          change={(steps) => set({ steps: Math.round(steps) })}
        />
        <Field
          label="Seed"
          inputMode="numeric"
          value={chosen.seed}
          onChange={(event) => /^\d{0,9}$/.test(event.target.value) && set({ seed: Number(event.target.value) })}
        />
      </div>
      <Played {...play} />
      <div className="actions">
        {mayRun && (
          <Button
            className="primary"
            onClick={() => {
              keepDraft({ text: spec })
              void navigate({ to: '/new' })
            }}
            label="Run this on the farm"
          />
        )}
        <Button label="Save the spec" onClick={() => saved('play.yaml', 'application/yaml', spec)} />
        <Copy text="driftfarm run play.yaml" />
      </div>
    </section>
  )
}
