import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { usePlace } from '../../live/desk.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { Failure } from '../../parts/Failure.tsx'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { saved } from '../../parts/save.ts'
import { Select } from '../../parts/Select.tsx'
import { Cloud } from './Cloud.tsx'
import { Curve } from './Curve.tsx'
import { type Chosen, limits, presets, specOf } from './spec.ts'
import { usePlay } from './usePlay.ts'

const first: Chosen = { preset: 'double-well', eta: 0.1, sigma: 1, steps: 200, seed: 1 }

/** Choose a landscape, move the step size and the drift, and see trials escape: the same trials that a farm computes. */
export function PlayView() {
  const [chosen, choose] = useState<Chosen>(first)
  const { isFarm } = usePlace()
  const { role } = useSession()
  const navigate = useNavigate()
  const play = usePlay(chosen)
  const spec = useMemo(() => specOf(chosen), [chosen])
  const set = (part: Partial<Chosen>): void => choose((old) => ({ ...old, ...part }))
  useEffect(() => {
    document.title = 'Playground · Drift Farm'
    return () => {
      document.title = 'Drift Farm'
    }
  }, [])
  const { told, error } = play
  return (
    <section className="play">
      <h1>Playground</h1>
      <p>
        Gradient descent whose direction itself drifts. Each dot is a trial that begins in the left minimum; the bar of a
        trial that leaves it is counted. Nothing here is a picture of trials: they are the trials, by the kernel that a
        farm runs.
      </p>
      <div className="controls">
        <Select
          label="Landscape"
          value={chosen.preset}
          options={presets.map(({ name }) => [name, name])}
          choose={(preset) => set({ preset })}
        />
        <Slider label="Step size eta" value={chosen.eta} {...limits.eta} change={(eta) => set({ eta })} />
        <Slider label="Drift sigma" value={chosen.sigma} {...limits.sigma} change={(sigma) => set({ sigma })} />
        <Slider label="Steps" value={chosen.steps} {...limits.steps} change={(steps) => set({ steps: Math.round(steps) })} />
        <span className="field">
          <label htmlFor="seed">Seed</label>
          <input
            id="seed"
            inputMode="numeric"
            value={chosen.seed}
            onChange={(event) => /^\d{0,9}$/.test(event.target.value) && set({ seed: Number(event.target.value) })}
          />
        </span>
      </div>
      {error !== null && <Failure error={error} />}
      {told !== null && (
        <>
          <p className="answer" role="status" aria-live="off">
            P(escape) <strong>{numberText(told.escape.value)}</strong> {intervalText(told.escape.low, told.escape.high)} after{' '}
            {counted(told.trials)} trials
            {told.exact === null ? '' : `; exactly ${numberText(told.exact)}`}
          </p>
          <div className="play-figures">
            <Cloud play={told} chosen={chosen} />
            <Curve play={told} steps={chosen.steps} />
          </div>
          <p className="faint">
            Digest of these trials: <code>{told.digest}</code>. The command gets the same.
          </p>
        </>
      )}
      <div className="actions">
        {isFarm && role !== 'read' && (
          <button
            type="button"
            className="primary"
            onClick={() => {
              sessionStorage.setItem('driftfarm.begin', spec)
              void navigate({ to: '/new' })
            }}
          >
            Run this on the farm
          </button>
        )}
        <button type="button" onClick={() => saved('play.yaml', 'application/yaml', spec)}>
          Save the spec
        </button>
        <Copy text="driftfarm run play.yaml" />
      </div>
    </section>
  )
}

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  change(value: number): void
}

/** A slider over powers, since small values matter as much as large ones. */
function Slider({ label, value, least, most, change }: SliderProps) {
  const id = label.replace(/\W+/g, '-')
  const place = Math.round((Math.log(value / least) / Math.log(most / least)) * 1000)
  return (
    <span className="field slider">
      <label htmlFor={id}>
        {label} <output htmlFor={id}>{numberText(value)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={1000}
        value={place}
        aria-valuetext={numberText(value)}
        onChange={(event) => change(Number((least * (most / least) ** (Number(event.target.value) / 1000)).toPrecision(3)))}
      />
    </span>
  )
}
