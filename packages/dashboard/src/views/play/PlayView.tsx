import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTitle } from '../../app/useTitle.ts'
import {
  beginningOf,
  type Chosen,
  handoverKey,
  presetNamed,
  presets,
  rangesOf,
  specOf,
} from '../../compute/playSpec.ts'
import { usePlay } from '../../compute/usePlay.ts'
import { useMayChange } from '../../live/useSession.ts'
import { Button, Copy, Field, Select, saved } from '../../parts/controls.tsx'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { LandscapeView } from '../../parts/LandscapeView.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Curve } from './Curve.tsx'
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
  const { ground, result, isOld, error } = usePlay(spec, chosen.preset)
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
      {error !== null && <Failure error={error} />}
      {result === null && error === null && <Waiting>Computing the first trials</Waiting>}
      {ground !== null && result !== null && (
        <div className={isOld ? 'old' : undefined} aria-busy={isOld || !result.isFinished}>
          <p className="answer" role="status" aria-live="off">
            P(escape) <strong>{numberText(result.escape.value)}</strong>
            {` ${intervalText(result.escape.low, result.escape.high)} after ${counted(result.trials)} trials`}
            {result.exact === null ? '' : `; exact value ${numberText(result.exact)}`}
          </p>
          <div className="play-figures">
            <LandscapeView scene={ground.scene!} paths={ground.paths} animate>
              {ground.paths.length} of the trials. Orange dots have escaped.
            </LandscapeView>
            <Curve play={result} steps={chosen.steps} />
          </div>
          <p className="faint">
            Digest of these trials: <code>{result.digest}</code>. The command below prints the same digest.
          </p>
        </div>
      )}
      <div className="actions">
        {mayRun && (
          <Button
            className="primary"
            onClick={() => {
              sessionStorage.setItem(handoverKey, spec)
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
