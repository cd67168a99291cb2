import {
  type ButtonHTMLAttributes,
  type FormHTMLAttributes,
  type InputHTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string
  readonly small?: boolean
}

/** A plain `button` would submit the form that contains it. */
export const Button = ({ label, small = false, ...button }: ButtonProps) => (
  <button type="button" className={small ? 'small' : undefined} {...button}>
    {label}
  </button>
)

export const Copy = ({ text }: { readonly text: string }) => (
  <span className="copy">
    <code>{text}</code>
    <CopyButton textOf={() => text} label="Copy" />
  </span>
)

/** The address has the state of the view. */
export const CopyLink = () => <CopyButton textOf={() => location.href} label="Copy link" />

function CopyButton({ textOf, label }: { readonly label: string; textOf(): string }) {
  const [done, setDone] = useState(false)
  const copy = async (): Promise<void> => {
    await copied(textOf())
    setDone(true)
    setTimeout(() => setDone(false), 1_500)
  }
  return <Button label={done ? 'Copied' : label} small onClick={copy} />
}

/** The only place where the page shows a command. */
export const SameCommand = ({ text }: { readonly text: string }) => (
  <details className="same-command">
    <summary>The same on the command line</summary>
    <Copy text={text} />
  </details>
)

/** Pages without HTTPS have no clipboard API, so copy from a selected text area. */
async function copied(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('readonly', '')
  area.className = 'visually-hidden'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

export const Form = ({ submit, ...form }: FormHTMLAttributes<HTMLFormElement> & { submit(): void }) => (
  <form
    {...form}
    onSubmit={(event) => {
      event.preventDefault()
      submit()
    }}
  />
)

/** The children are shown below the field. */
export function Field({ label, children, ...input }: InputHTMLAttributes<HTMLInputElement> & { label: string }) {
  const id = useId()
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} />
      {children}
    </span>
  )
}

interface CheckProps {
  readonly label: string
  readonly checked: boolean
  /** The reason why it cannot be changed. */
  readonly fixed?: string | undefined
  toggle(): void
}

export const Check = ({ label, checked, fixed, toggle }: CheckProps) => (
  <label className="check" title={fixed}>
    <input type="checkbox" checked={checked} disabled={fixed !== undefined} onChange={toggle} /> {label}
  </label>
)

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  choose(value: string): void
}

export function Select({ label, value, options, choose }: SelectProps) {
  const id = useId()
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </span>
  )
}

interface TabsProps<Name extends string> {
  readonly names: readonly (readonly [name: Name, label: string])[]
  readonly chosen: Name
  choose(name: Name): void
  readonly label: string
  readonly children: ReactNode
}

export function Tabs<Name extends string>({ names, chosen, choose, label, children }: TabsProps<Name>) {
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

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  onClose(): void
  readonly wide?: boolean
  /** Whether a change is under way, so that Escape does not close the dialog. */
  readonly isBusy?: boolean
}

/** The browser keeps the focus inside a modal dialog, and closes the dialog on Escape. */
export function Dialog({ title, children, onClose, wide = false, isBusy = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    // The browser itself closes a dialog that is removed from the page. A call of `close` here would also call onClose,
    // as if the reader had closed the dialog.
    if (shown === null || shown.open) return
    shown.showModal()
    // The browser would begin at the first control, even if that is a help text or, in a long dialog, out of sight.
    const first = ['input, textarea, select', 'form .dialog-end button', 'h2'].find((each) => shown.querySelector(each))
    shown.querySelector<HTMLElement>(first!)!.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => isBusy && event.preventDefault()}
    >
      <h2 {...{ id, tabIndex: -1 }}>{title}</h2>
      {children}
    </dialog>
  )
}

export function saved(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
