import type { ReactNode } from 'react'

/** Stands where something will, and says what is waited for. */
export function Waiting({ children }: { readonly children: ReactNode }) {
  return (
    <p className="waiting" role="status">
      {children} …
    </p>
  )
}
