import { type ReactNode, useEffect, useId, useRef } from 'react'

interface Props {
  readonly title: string
  readonly children: ReactNode
  onClose(): void
  readonly wide?: boolean
}

/** A modal dialog. The browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, children, onClose, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    // The browser closes a dialog that is removed. Closing it here would call onClose as if the reader had closed it.
    if (shown !== null && !shown.open) shown.showModal()
  }, [])
  return (
    <dialog ref={dialog} className={wide ? 'dialog wide' : 'dialog'} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
