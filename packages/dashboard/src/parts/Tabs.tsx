import { type KeyboardEvent, type ReactNode, useId } from 'react'

interface Props<Name extends string> {
  readonly names: readonly (readonly [name: Name, label: string])[]
  readonly chosen: Name
  choose(name: Name): void
  readonly label: string
  readonly children: ReactNode
}

export function Tabs<Name extends string>({ names, chosen, choose, label, children }: Props<Name>) {
  const id = useId()
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = names.findIndex(([name]) => name === chosen)
    const [next] = names[(at + step + names.length) % names.length]!
    choose(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} onKeyDown={move}>
        {names.map(([name, text]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => choose(name)}
          >
            {text}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the pattern of tabs puts the panel behind its tab */}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} tabIndex={0}>
        {children}
      </div>
    </div>
  )
}
