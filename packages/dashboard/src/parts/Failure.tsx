interface Props {
  readonly error: unknown
  /** The title of the view, if the error replaces a whole view. */
  readonly title?: string
  readonly again?: (() => void) | undefined
}

export function Failure({ error, title, again }: Props) {
  const { message, hint, code } = error as { message: string; hint?: string | null; code?: string }
  return (
    <div className="failure" role="alert">
      {title === undefined ? null : <h1>{title}</h1>}
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
