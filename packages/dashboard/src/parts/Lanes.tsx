import { countText, type RecentData } from '@driftfarm/report'
import { useMemo } from 'react'
import { counted } from './format.ts'

/** More lanes would be unreadable. */
const maxLanes = 40
const colors = 6

export function Lanes({ recent }: { readonly recent: RecentData }) {
  const { lanes, names } = useMemo(() => lanesOf(recent), [recent])
  const [from, to] = [Date.parse(recent.from), Date.parse(recent.to)]
  const place = (time: string): number => ((Date.parse(time) - from) / (to - from)) * 1000
  if (lanes.length === 0) return null
  return (
    <figure className="lanes">
      <figcaption>
        Work of each process over the last ten minutes, coloured by sweep:{' '}
        {names.map((name, at) => (
          <span key={name} className="lane-name">
            <span className={`swatch lane-${at % colors}`} /> {name}
          </span>
        ))}
      </figcaption>
      {lanes.slice(0, maxLanes).map(({ process, spans }) => (
        <div key={process} className="lane">
          <span className="lane-label" title={process}>
            {process}
          </span>
          <svg
            className="lane-track"
            viewBox="0 0 1000 14"
            preserveAspectRatio="none"
            role="img"
            aria-label={`${process}: ${countText(spans.length, 'bundle')}`}
          >
            {spans.map(({ name, startedAt, finishedAt, batches, trials }) => (
              <rect
                key={`${startedAt} ${name}`}
                className={`lane-${names.indexOf(name) % colors}`}
                x={place(startedAt)}
                width={Math.max(1, place(finishedAt) - place(startedAt))}
                y="1"
                height="12"
              >
                <title>
                  {name}: {batches === 1 ? '1 batch' : `${batches} batches`}, {counted(trials)} trials
                </title>
              </rect>
            ))}
          </svg>
        </div>
      ))}
      {lanes.length > maxLanes && (
        <p className="faint">
          Only {maxLanes} of {lanes.length} processes are shown.
        </p>
      )}
    </figure>
  )
}

function lanesOf({ spans }: RecentData) {
  const byProcess = new Map<string, RecentData['spans'][number][]>()
  for (const span of spans) byProcess.set(span.process, [...(byProcess.get(span.process) ?? []), span])
  const lanes = [...byProcess].map(([process, own]) => ({ process, spans: own }))
  return { lanes, names: [...new Set(spans.map(({ name }) => name))] }
}
