import { useRef } from 'react'
import { Button } from './controls.tsx'
import { type Verb, verbNames, verbs } from './verbs.ts'

interface Props {
  allowed(verb: Verb): boolean
  choose(verb: Verb): void
}

/** A menu of the actions that end or delete sweeps, each with its effect. */
export function EndingVerbs({ allowed, choose }: Props) {
  const menu = useRef<HTMLDetailsElement>(null)
  const close = (): void => menu.current?.removeAttribute('open')
  return (
    <details
      ref={menu}
      className="menu"
      onKeyDown={({ key }) => {
        if (key !== 'Escape') return
        close()
        menu.current?.querySelector('summary')?.focus()
      }}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || close()}
    >
      <summary className="button small">More</summary>
      {/* A click on the text of the menu must not move the focus out of the menu, which would close it. */}
      <div tabIndex={-1}>
        {verbNames(true).map((verb) => (
          <p key={verb}>
            <Button
              small
              className={verb === 'remove' ? 'small danger' : 'small'}
              disabled={!allowed(verb)}
              onClick={() => {
                close()
                choose(verb)
              }}
              label={verbs[verb].name}
            />{' '}
            <span className="faint">{verbs[verb].does}</span>
          </p>
        ))}
      </div>
    </details>
  )
}
