import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { createThread } from '../../compute/computer.ts'
import type { PlayReply, PlayRequest, PlayResult } from '../../compute/playing.ts'
import {
  beginningOf,
  type Chosen,
  handoverKey,
  presetNamed,
  presets,
  type Range,
  rangesOf,
  specOf,
} from '../../compute/playSpec.ts'
import { resolveSpec } from '../../compute/resolveSpec.ts'
import { useMayChange } from '../../live/useSession.ts'
import { Button, Copy, Field, Select, saved } from '../../parts/controls.tsx'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Cloud } from './Cloud.tsx'
import { Curve } from './Curve.tsx'

export function PlayView() {
  const [chosen, choose] = useState<Chosen>(() => beginningOf('double-well', 1))
  const mayRun = useMayChange()
  const navigate = useNavigate()
  const play = usePlay(chosen)
  const spec = useMemo(() => specOf(chosen), [chosen])
  const ranges = rangesOf(chosen.preset)
  const { start, escape } = presetNamed(chosen.preset)
  const set = (part: Partial<Chosen>): void => choose((old) => ({ ...old, ...part }))
  useEffect(() => {
    document.title = 'Playground · Drift Farm'
    return () => {
      document.title = 'Drift Farm'
    }
  }, [])
  const { result, isOld, error } = play
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
      {result !== null && (
        <div className={isOld ? 'old' : undefined} aria-busy={isOld || !result.isFinished}>
          <p className="answer" role="status" aria-live="off">
            P(escape) <strong>{numberText(result.escape.value)}</strong>
            {` ${intervalText(result.escape.low, result.escape.high)} after ${counted(result.trials)} trials`}
            {result.exact === null ? '' : `; exact value ${numberText(result.exact)}`}
          </p>
          <div className="play-figures">
            <Cloud play={result} chosen={chosen} />
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

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly range: Range
  change(value: number): void
}

/** A slider with a logarithmic scale, because small values matter as much as large ones. */
function Slider({ label, value, range: { least, most }, change }: SliderProps) {
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
        onChange={(event) =>
          change(Number((least * (most / least) ** (Number(event.target.value) / 1000)).toPrecision(3)))
        }
      />
    </span>
  )
}

interface Play {
  readonly spec: string
  readonly preset: string
  readonly result: PlayResult | null
  readonly error: Error | null
}

/** `isOld` tells whether the results belong to earlier settings of the same landscape. */
function usePlay(chosen: Chosen): Pick<Play, 'result' | 'error'> & { readonly isOld: boolean } {
  const spec = specOf(chosen)
  const { preset } = chosen
  const [kept, setKept] = useState<Play>({ spec, preset, result: null, error: null })
  useEffect(() => {
    const fail = (message: string) => setKept({ spec, preset, result: null, error: new Error(message) })
    // While a slider moves, only its last position matters.
    let worker: Worker | null = null
    const timer = setTimeout(() => {
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayReply>) => {
        if ('error' in data) fail(data.error)
        else setKept({ spec, preset, result: data.result, error: null })
      }
      worker.onerror = ({ message }) => fail(message)
      const module = new URL(`kernels/${preset}.wasm`, new URL('.', location.href.split('#')[0])).href
      const { cell } = resolveSpec(spec, new Map()).sweep.cell(0)
      worker.postMessage({ play: { cell, module } } satisfies PlayRequest)
    }, 120)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, preset])
  const isOld = kept.spec !== spec
  // Hide the results of another landscape, because a reader would take them for results of the new landscape.
  if (isOld && kept.preset !== preset) return { result: null, isOld, error: null }
  return { result: kept.result, isOld, error: isOld ? null : kept.error }
}
