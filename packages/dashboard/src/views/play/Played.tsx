import { type ReactNode, useMemo } from 'react'
import type { usePlay } from '../../compute/usePlay.ts'
import { Tabs } from '../../parts/controls.tsx'
import { counted, intervalText, numberText } from '../../parts/format.ts'
import { PathsView } from '../../parts/PathsView.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Curve } from './Curve.tsx'
import { type Stage, stages } from './search.ts'

interface Props extends ReturnType<typeof usePlay> {
  readonly stage?: Stage | undefined
  /** Without this, everything is shown together. */
  choose?(stage: Stage): void
}

/** The trials of a spec: their probability of escape, some of them on the landscape, and when they escaped. */
export function Played({ stage = 'all', choose, ground, result, isOld, error }: Props) {
  // A new list would start the animation again.
  const first = useMemo(() => ground?.paths.slice(0, 1) ?? [], [ground])
  if (error !== null) return <Failure error={error} />
  if (ground === null || result === null) return <Waiting>Computing the first trials</Waiting>
  const { scene, paths, coordinates } = ground
  const { escape, exact, trials, digest, curve, exactCurve, history } = result
  const drawn = (shown: typeof paths, told: string) => (
    <PathsView scene={scene} paths={shown} coordinates={coordinates} animate>
      {told}
    </PathsView>
  )
  const survival = (told: string, withExact: boolean) => (
    <Curve
      name="Fraction of trials that have escaped by each step"
      xName="step"
      points={[{ step: 0, value: 0, low: 0, high: 0 }, ...curve].map(({ step, ...each }) => ({ x: step, ...each }))}
      exact={withExact ? exactCurve.map(({ step, value }) => ({ x: step, value })) : []}
    >
      {told}
    </Curve>
  )
  const shares =
    `Fraction of ${trials.toLocaleString()} trials that have escaped by each step, with 95 % confidence limits. ` +
    'All trials count, also those that never escape.'
  const exactText =
    exactCurve.length > 0
      ? ' The dashed line shows the exact values, which quadrature computes without any trial.'
      : ' The playground computes exact values only in one dimension.'
  // In the order in which one step of the lesson explains the next.
  const figures: Readonly<Record<Stage, () => ReactNode>> = {
    one: () =>
      drawn(first, 'One trial. Each step follows the gradient down and adds drift. Play it, or take single steps.'),
    hundred: () => drawn(paths, `${paths.length} trials, which differ only in their random numbers.`),
    survival: () => survival(shares, false),
    exact: () => survival(shares + exactText, true),
    interval: () => (
      <Curve
        name="P(escape) and its interval"
        xName="trials"
        points={history.map(({ trials: x, ...each }) => ({ x, ...each }))}
        exact={exact === null ? [] : [0, trials].map((x) => ({ x, value: exact }))}
      >
        P(escape) after more and more trials, with its 95 % interval. Four times as many trials make the interval half
        as wide.
      </Curve>
    ),
    all: () => (
      <div className="play-figures">
        {drawn(paths, `${paths.length} of the trials.`)}
        {survival(exactCurve.length > 0 ? shares + exactText : shares, true)}
      </div>
    ),
  }
  return (
    <div className={isOld ? 'old' : undefined} aria-busy={isOld || !result.isFinished}>
      <p className="answer" role="status" aria-live="off">
        P(escape) <strong>{numberText(escape.value)}</strong>
        {` ${intervalText(escape.low, escape.high)} after ${counted(trials)} trials`}
        {result.isFinished ? '' : ' so far'}
        {exact === null ? '' : `; exact value ${numberText(exact)}`}
      </p>
      {choose === undefined ? (
        figures[stage]()
      ) : (
        <Tabs label="Lesson" names={stages} chosen={stage} choose={choose}>
          {figures[stage]()}
        </Tabs>
      )}
      <p className="faint">
        Digest of these trials: <code>{digest}</code>. A farm that computes the same {trials.toLocaleString()} trials
        gives the same digest.
      </p>
    </div>
  )
}
