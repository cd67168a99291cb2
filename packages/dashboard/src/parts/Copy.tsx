import { useState } from 'react'

export function Copy({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [done, setDone] = useState(false)
  const copy = async (): Promise<void> => {
    await copied(text)
    setDone(true)
    setTimeout(() => setDone(false), 1_500)
  }
  return (
    <span className="copy">
      <code>{text}</code>
      <button type="button" className="small" onClick={copy}>
        {done ? 'Copied' : label}
      </button>
    </span>
  )
}

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
