import { type ReactNode, useId, useState } from 'react'
import { ActDialog } from './ActDialog.tsx'
import { Button } from './controls.tsx'
import { placeBelow } from './Help.tsx'
import { type Acted, type Verb, verbNames, verbs } from './verbs.ts'

interface Props {
  readonly sweeps: readonly Acted[]
  /** Whether buttons of actions that are not allowed are left out. Otherwise they are disabled. */
  readonly isShort?: boolean
  /** Called when the dialog of an action closes. `removed` says in words what was removed. */
  onClose(removed: string): void
  /** Other buttons, before the menu. */
  readonly children?: ReactNode
}

/** The actions on sweeps as buttons. Those that end or delete sweeps are in a menu, each with its effect. */
export function VerbButtons({ sweeps, isShort = false, onClose, children }: Props) {
  const menu = useId()
  const [verb, setVerb] = useState<Verb | null>(null)
  const allows = (each: Verb): boolean => sweeps.some(verbs[each].allows)
  const button = (each: Verb) => (
    <Button
      key={each}
      label={verbs[each].name}
      className={each === 'remove' ? 'small danger' : 'small'}
      disabled={!allows(each)}
      popoverTarget={verbs[each].ends ? menu : undefined}
      popoverTargetAction="hide"
      onClick={() => setVerb(each)}
    />
  )
  return (
    <>
      {verbNames(false).map((each) => (!isShort || allows(each)) && button(each))}
      {children}
      <Button label="More" small popoverTarget={menu} />
      <div id={menu} popover="auto" className="menu" onToggle={placeBelow}>
        {verbNames(true).map((each) => (
          <p key={each}>
            {button(each)} <span className="faint">{verbs[each].does}</span>
          </p>
        ))}
      </div>
      {verb !== null && (
        <ActDialog
          verb={verb}
          sweeps={sweeps}
          onClose={(removed) => {
            setVerb(null)
            onClose(removed)
          }}
        />
      )}
    </>
  )
}
