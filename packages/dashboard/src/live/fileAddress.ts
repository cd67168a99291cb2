/** The address of a file that the farm makes, relative to the page. Absent options are left out. */
export function fileAddress(path: string, options: object = {}): string {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return `api/v1${path}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`
}
