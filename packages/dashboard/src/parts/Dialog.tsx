import { type ReactNode, useEffect, useId, useRef } from 'react'

interface Props {
  readonly title: string
  readonly children: ReactNode
  onClose(): void
  readonly wide?: boolean
}

/** The browser keeps the focus inside a modal dialog, and closes the dialog on Escape. */
export function Dialog({ title, children, onClose, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    // The browser itself closes a dialog that is removed from the page. A call of `close` here would also call onClose,
    // as if the reader had closed the dialog.
    if (shown !== null && !shown.open) shown.showModal()
  }, [])
  return (
    <dialog ref={dialog} className={wide ? 'dialog wide' : 'dialog'} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
