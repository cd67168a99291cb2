import { countText, labelledTicks, numberAxis, type RecentData } from '@driftfarm/report'
import { Fragment, type SVGProps } from 'react'
import { useAnswer } from '../live/useAnswer.ts'
import { clockText, counted } from './format.ts'
import { Waiting } from './states.tsx'

/** More lanes would be unreadable. */
const maxLanes = 40
const colors = 6
/** The unit of horizontal positions: a thousandth of the time axis. */
const wide = 1000
const high = 100
const tickMs = 120_000

/** What was computed in the last ten minutes, for one sweep or for all. */
export function RecentActivity({ sweep }: { readonly sweep?: string }) {
  const { data, error } = useAnswer('recent', { sweep }, { everyMs: () => 5_000 })
  if (error !== null || data === undefined) return <Waiting error={error}>Loading recent activity</Waiting>
  if (data.bins.length > 0) return <Activity recent={data} />
  return (
    <p className="empty">
      No trials {sweep !== undefined && 'of this sweep '}were computed in the last ten minutes. Work appears here while
      a sweep runs.
    </p>
  )
}

/** Trials per second and the work of each process, one below the other on one time axis. */
function Activity({ recent }: { readonly recent: RecentData }) {
  const { from, to, marks, bins, binSeconds, spans: all } = recent
  const lanes = [...new Set(all.map(({ process }) => process))]
  const names = [...new Set(all.map(({ name }) => name))]
  const [first, last] = [Date.parse(from), Date.parse(to)]
  const place = (time: string | number): number => ((new Date(time).getTime() - first) / (last - first)) * wide
  const most = Math.max(1, ...bins.map(({ trials }) => Number(trials) / binSeconds))
  const rates = labelledTicks(numberAxis('', [0, most]), 3)
  const total = bins.reduce((sum, { trials }) => sum + Number(trials), 0)
  const failures = marks.filter(({ kind }) => kind === 'failure')
  const times = timesBetween(first, last)
  const lines = (
    <>
      {times.map((time) => (
        <path key={time} className="time-line" d={`M${place(time)},0V${high}`} />
      ))}
      {marks.map(({ at, kind, text }) => (
        <path key={`${at} ${text}`} className={`mark-line mark-${kind}`} d={`M${place(at)},0V${high}`}>
          <title>{text}</title>
        </path>
      ))}
    </>
  )
  return (
    <figure className="activity">
      <figcaption>
        The last ten minutes: {counted(total)} trials. Above, trials per second; below, the work of each process,
        coloured by sweep:{' '}
        {names.map((name, at) => (
          <span key={name} className="lane-name">
            <span className={`swatch lane-${at % colors}`} /> {name}
          </span>
        ))}
        {marks.length > 0 && (
          <span className="faint">
            Vertical lines: process started (green), process stopped (grey), heartbeats lost (orange), failure (red).
          </span>
        )}
      </figcaption>
      <div className="timed">
        <span className="rates" aria-hidden="true">
          {rates.map(({ at }) => (
            <span key={at} style={{ bottom: `${at * 100}%` }}>
              {counted(Math.round(at * most))}/s
            </span>
          ))}
        </span>
        <Track
          label={`Chart of trials per second: ${counted(total)} trials, ${countText(failures.length, 'failure')}`}
          className="rate-track"
        >
          {rates.map(({ at }) => (
            <path key={at} className="time-line" d={`M0,${high * (1 - at)}H${wide}`} />
          ))}
          {lines}
          {bins.map(({ at, trials }) => {
            const height = (high * Number(trials)) / binSeconds / most
            const width = (wide * binSeconds * 1000) / (last - first)
            return <rect key={at} className="lane-0" x={place(at)} y={high - height} width={width} height={height} />
          })}
        </Track>
        {lanes.slice(0, maxLanes).map((process) => {
          const spans = all.filter((span) => span.process === process)
          return (
            <Fragment key={process}>
              <span className="lane-label" title={process}>
                {process}
              </span>
              <Track label={`${process}: ${countText(spans.length, 'bundle')}`} className="lane-track">
                {lines}
                {spans.map(({ name, startedAt, finishedAt, batches, trials }) => (
                  <rect
                    key={`${startedAt} ${name}`}
                    className={`lane-${names.indexOf(name) % colors}`}
                    x={place(startedAt)}
                    width={Math.max(1, place(finishedAt) - place(startedAt))}
                    y={high / 10}
                    height={(high * 8) / 10}
                  >
                    <title>
                      {name}: {batches === 1 ? '1 batch' : `${batches} batches`}, {counted(trials)} trials
                    </title>
                  </rect>
                ))}
              </Track>
            </Fragment>
          )
        })}
        <span />
        <span className="times">
          {times.map((time) => (
            <time key={time} dateTime={new Date(time).toISOString()} style={{ left: `${place(time) / (wide / 100)}%` }}>
              {clockText(new Date(time))}
            </time>
          ))}
        </span>
      </div>
      {lanes.length > maxLanes && (
        <p className="faint">
          Only {maxLanes} of {lanes.length} processes are shown.
        </p>
      )}
      {failures.length > 0 && (
        <ul className="faint">
          {failures.slice(-5).map(({ at, text }) => (
            <li key={`${at} ${text}`}>
              {new Date(at).toLocaleTimeString()}: {text}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

const Track = ({ label, ...svg }: SVGProps<SVGSVGElement> & { readonly label: string }) => (
  <svg {...svg} viewBox={`0 0 ${wide} ${high}`} preserveAspectRatio="none" role="img" aria-label={label} />
)

/** The full minutes at which the time axis has labels, in ms. */
function timesBetween(first: number, last: number): readonly number[] {
  const from = Math.ceil(first / tickMs)
  return Array.from({ length: Math.floor(last / tickMs) - from + 1 }, (_, i) => (from + i) * tickMs)
}
