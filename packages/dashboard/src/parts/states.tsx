import type { SweepState } from '@driftfarm/spec'
import type { Finding } from '@driftfarm/statistics'
import { Link } from '@tanstack/react-router'
import type { HTMLAttributes, PropsWithChildren, ReactNode } from 'react'
import { Button } from './controls.tsx'
import { capitalised, intervalText, numberText } from './format.ts'
import { tagTexts } from './tags.ts'

/** A symbol for each state of a sweep, because not every reader can distinguish colours. */
const signs: Readonly<Record<SweepState, string>> = {
  planned: '○',
  running: '▶',
  paused: '❚❚',
  interrupted: '!',
  stopped: '■',
  cancelled: '✕',
  incomplete: '!',
  complete: '✓',
}

export const StateChip = ({ state }: { readonly state: SweepState }) => (
  <span className={`chip chip-${state}`}>
    <span aria-hidden="true">{signs[state]} </span>
    {state}
  </span>
)

export function Tags({ tags }: { readonly tags: Readonly<Record<string, string>> }) {
  const texts = tagTexts(tags)
  if (texts.length === 0) return null
  return (
    <span className="tags">
      {texts.map((text) => (
        <span key={text} className="tag">
          {text}
        </span>
      ))}
    </span>
  )
}

/** A short message that screen readers announce. */
export const Doing = ({ children }: PropsWithChildren) => (
  <span className="faint" role="status">
    {children}
  </span>
)

/** What the reader should know first, if there is anything. */
export const Notice = ({ text }: { readonly text: string | undefined }) =>
  text && (
    <p className="notice" role="status">
      {text}
    </p>
  )

/** Text whose parts between backticks are code. */
export const marked = (text: string): ReactNode =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))

interface FailureProps {
  readonly error: unknown
  /** The title of the view, if the error replaces a whole view. */
  readonly title?: string
  readonly again?: (() => void) | undefined
  /** The name of `again`. */
  readonly label?: string
}

export function Failure({ error, title, again, label = 'Try again' }: FailureProps) {
  const { message, hint, code } = error as { message: string; hint?: string | null; code?: string }
  return (
    <div className="failure" role="alert">
      {title === undefined ? null : <h1>{title}</h1>}
      <p>
        <strong>{marked(message)}</strong>
      </p>
      {title !== undefined && code?.endsWith('_NOT_FOUND') ? (
        <p>
          {code === 'CELL_NOT_FOUND' && (
            <Link from="/sweeps/$ref/cells/$cell" to="/sweeps/$ref">
              All cells of the sweep
            </Link>
          )}{' '}
          <Link to="/">All sweeps</Link>
        </p>
      ) : (
        <>
          {hint ? <p>{marked(hint)}</p> : null}
          {code === undefined ? null : <p className="faint">{code}</p>}
        </>
      )}
      {again === undefined ? null : <Button label={label} onClick={again} />}
    </div>
  )
}

interface FindingListProps extends HTMLAttributes<HTMLUListElement> {
  readonly findings: readonly Pick<Finding, 'verdict' | 'text' | 'hint'>[]
}

/** What checks have found. */
export const FindingList = ({ findings, ...list }: FindingListProps) => (
  <ul {...list}>
    {findings.map(({ verdict, text, hint }) => (
      <li key={`${verdict} ${text}`} className={`finding finding-${verdict}`}>
        <strong>{verdict}</strong> {marked(text)}
        {hint ? <span className="hint">. {marked(capitalised(hint))}.</span> : null}
      </li>
    ))}
  </ul>
)

/** In documents, numbers that JSON lacks are texts. */
type Written = number | string | null | undefined
export type EstimateProps = Readonly<Record<'value' | 'low' | 'high', Written>>

const numberOf = (value: Written) => (typeof value === 'string' ? Number(value) : value)

export const Estimate = ({ value, low, high }: EstimateProps) => (
  <>
    {numberText(numberOf(value))} <span className="faint">{intervalText(numberOf(low), numberOf(high))}</span>
  </>
)

type FactRow = readonly [name: string, value: ReactNode, title?: string]

/** Rows that are false are left out. */
export const Facts = ({ facts }: { readonly facts: readonly (FactRow | false)[] }) => (
  <dl className="facts">
    {facts.map(
      (fact) =>
        fact && (
          <div key={fact[0]}>
            <dt title={fact[2]}>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
    )}
  </dl>
)

type ProgressProps = Readonly<Record<'done' | 'requested' | 'label', string>>

export function Progress({ done, requested, label }: ProgressProps) {
  const share = Number(requested) > 0 ? Math.min(1, Number(done) / Number(requested)) : 0
  const text = `${Math.floor(share * 100)} %`
  return (
    <progress className="progress" max={1} value={share} aria-label={label} title={text}>
      {text}
    </progress>
  )
}

/** Shown in place of data that have not arrived, or whose request failed. */
export function Waiting({ children, error = null }: PropsWithChildren<{ readonly error?: Error | null }>) {
  if (error !== null) return <Failure error={error} />
  return (
    <p className="waiting" role="status">
      {children} …
    </p>
  )
}
