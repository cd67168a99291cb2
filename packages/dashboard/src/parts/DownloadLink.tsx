interface DownloadLinkProps {
  readonly label: string
  /** The name of the file on the reader's computer. */
  readonly name: string
  readonly path: string
  /** Absent options are left out. */
  readonly options?: object
}

/** A link to a file that the farm makes. Its address is relative to the page. */
export function DownloadLink({ label, name, path, options = {} }: DownloadLinkProps) {
  const given = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
  return (
    <a className="button small" download={name} href={`api/v1${path}${query}`}>
      {label}
    </a>
  )
}
