import { useState } from 'react'
import { usePlay } from '../compute/usePlay.ts'
import { counted, intervalText, numberText } from '../parts/format.ts'
import { LandscapeView } from '../parts/LandscapeView.tsx'
import { Failure, Waiting } from '../parts/states.tsx'
import { Curve } from '../views/play/Curve.tsx'
import { Slider } from '../views/play/Slider.tsx'
import { siteFigures } from './siteFigures.ts'

/** A figure of the documentation: sliders, and what 10,000 trials with their settings give. */
export function LiveFigure({ name }: { readonly name: string }) {
  const { title, settings, spec } = siteFigures[name]!
  const [values, setValues] = useState(settings.map(({ value }) => value))
  const text = spec(...values)
  const { ground, result, isOld, error } = usePlay(text, name)
  return (
    <section className="play">
      <h1>{title}</h1>
      <div className="controls">
        {settings.map(({ label, least, most }, at) => (
          <Slider
            key={label}
            label={label}
            value={values[at]!}
            range={{ least, most }}
            change={(value) => setValues(values.with(at, value))}
          />
        ))}
      </div>
      {error !== null && <Failure error={error} />}
      {result === null && error === null && <Waiting>Computing the first trials</Waiting>}
      {ground !== null && result !== null && (
        <div className={isOld ? 'old' : undefined} aria-busy={isOld || !result.isFinished} data-digest={result.digest}>
          <p className="answer" role="status" aria-live="off">
            P(escape) <strong>{numberText(result.escape.value)}</strong>
            {` ${intervalText(result.escape.low, result.escape.high)} after ${counted(result.trials)} trials`}
            {result.exact === null ? '' : `; exact value ${numberText(result.exact)}`}
          </p>
          <div className="play-figures">
            <LandscapeView scene={ground.scene!} paths={ground.paths} animate />
            <Curve play={result} steps={result.curve.at(-1)!.step} />
          </div>
        </div>
      )}
    </section>
  )
}
