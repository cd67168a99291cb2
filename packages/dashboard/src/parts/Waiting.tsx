import type { ReactNode } from 'react'

/** A placeholder that names what is being loaded. */
export function Waiting({ children }: { readonly children: ReactNode }) {
  return (
    <p className="waiting" role="status">
      {children} …
    </p>
  )
}
