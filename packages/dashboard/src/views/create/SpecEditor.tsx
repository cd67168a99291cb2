import type { SpecFinding } from '@driftfarm/spec'
import { type KeyboardEvent, useRef } from 'react'

interface Props {
  readonly text: string
  change(text: string): void
  readonly mistakes: readonly SpecFinding[]
}

export function SpecEditor({ text, change, mistakes }: Props) {
  const numbers = useRef<HTMLDivElement>(null)
  const lines = text.split('\n').length
  const wrong = new Set(mistakes.map(({ line }) => line))
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Tab moves to the next field, as everywhere; Ctrl-] indents.
    if (!(event.ctrlKey && event.key === ']')) return
    event.preventDefault()
    const { selectionStart: at, selectionEnd: to } = event.currentTarget
    change(`${text.slice(0, at)}  ${text.slice(to)}`)
  }
  return (
    <div className="editor">
      <div ref={numbers} className="line-numbers" aria-hidden="true">
        {Array.from({ length: lines }, (_, at) => (
          <span key={at} className={wrong.has(at + 1) ? 'wrong' : undefined}>
            {at + 1}
          </span>
        ))}
      </div>
      <textarea
        aria-label="Spec text"
        aria-invalid={mistakes.length > 0}
        spellCheck={false}
        wrap="off"
        value={text}
        rows={Math.min(40, Math.max(14, lines + 1))}
        onChange={(event) => change(event.target.value)}
        onKeyDown={press}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}
