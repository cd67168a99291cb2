declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /**
   * COPY .. FROM STDIN: written data goes to the server. 'finish' is emitted when the server has received all of it.
   */
  export function from(statement: string): Writable & Submittable & { readonly rowCount: number }
  /** COPY .. TO STDOUT. */
  export function to(statement: string): Readable & Submittable & { readonly rowCount: number }
}
