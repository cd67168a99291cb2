import type { usePlay } from '../../compute/usePlay.ts'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { LandscapeView } from '../../parts/LandscapeView.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Curve } from './Curve.tsx'

/** The trials of a spec: their probability of escape, some of them on the landscape, and when they escaped. */
export function Played({ ground, result, isOld, error }: ReturnType<typeof usePlay>) {
  if (error !== null) return <Failure error={error} />
  if (ground === null || result === null) return <Waiting>Computing the first trials</Waiting>
  const { escape, exact, trials, digest } = result
  return (
    <div className={isOld ? 'old' : undefined} aria-busy={isOld || !result.isFinished}>
      <p className="answer" role="status" aria-live="off">
        P(escape) <strong>{numberText(escape.value)}</strong>
        {` ${intervalText(escape.low, escape.high)} after ${counted(trials)} trials`}
        {exact === null ? '' : `; exact value ${numberText(exact)}`}
      </p>
      <div className="play-figures">
        <LandscapeView scene={ground.scene!} paths={ground.paths} animate>
          {ground.paths.length} of the trials. Orange dots have escaped.
        </LandscapeView>
        <Curve play={result} />
      </div>
      <p className="faint">
        Digest of these trials: <code>{digest}</code>. Results of the same spec on a farm have the same digest.
      </p>
    </div>
  )
}
