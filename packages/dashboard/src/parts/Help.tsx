import { type PropsWithChildren, type ToggleEvent, useId } from 'react'
import { useSession } from '../live/documentOrigin.tsx'
import { helpTopics } from './helpTopics.ts'

interface HelpProps {
  readonly to: keyof typeof helpTopics
}

/** A heading with help on its subject. */
export const HelpedHeading = ({ to, children }: PropsWithChildren<HelpProps>) => (
  <h2>
    {children} <Help to={to} />
  </h2>
)

/**
 * A small button that explains a term. The explanation links to the documentation if the farm knows its address. The
 * browser closes it on Escape and on a click elsewhere.
 */
export function Help({ to }: HelpProps) {
  const id = useId()
  const { docs } = useSession()
  const { title, text, page } = helpTopics[to]
  const [file, heading] = page.split('#')
  return (
    <span className="help">
      <button type="button" className="help-button" popoverTarget={id} aria-label={`Help: ${title}`}>
        ?
      </button>
      <span id={id} popover="auto" role="note" aria-label={title} className="help-text" onToggle={placeBelow}>
        <strong>{title}</strong>
        <span>{text}</span>
        {docs !== null && (
          <a href={`${docs}${file}.html${heading === undefined ? '' : `#${heading}`}`} target="_blank" rel="noreferrer">
            Read more<span className="visually-hidden"> about {title}</span>
          </a>
        )}
      </span>
    </span>
  )
}

/** Below its button, inside the window. */
export function placeBelow({ currentTarget: note, newState }: ToggleEvent<HTMLElement>): void {
  if (newState !== 'open') return
  const { left, top, bottom } = note.previousElementSibling!.getBoundingClientRect()
  const { width, height } = note.getBoundingClientRect()
  const below = bottom + 4 + height < innerHeight
  note.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  note.style.top = `${below ? bottom + 4 : Math.max(8, top - height - 4)}px`
}
