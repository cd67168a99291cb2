import { useState } from 'react'
import { usePlay } from '../compute/usePlay.ts'
import { Played } from '../views/play/Played.tsx'
import { Slider } from '../views/play/Slider.tsx'
import { siteFigures } from './siteFigures.ts'

/** A figure of the documentation: sliders, and what 10,000 trials with their settings give. */
export function LiveFigure({ name }: { readonly name: string }) {
  const { title, settings, spec } = siteFigures[name]!
  const [values, setValues] = useState(settings.map(({ value }) => value))
  const play = usePlay(spec(...values), name)
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
      <Played {...play} />
    </section>
  )
}
