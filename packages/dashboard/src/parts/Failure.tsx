/** What went wrong, and the way out. */
export function Failure({ error, again }: { readonly error: unknown; readonly again?: (() => void) | undefined }) {
  const { message, hint, code } = error as { message: string; hint?: string | null; code?: string }
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{message}</strong>
      </p>
      {hint ? <p>{hint}</p> : null}
      {code === undefined ? null : <p className="faint">{code}</p>}
      {again === undefined ? null : (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}
