import type { Database } from '../connection/database.ts'

/** Identifies an expensive result by its cell and by everything else on which it depends. */
export interface ExactKey {
  readonly cellId: string
  readonly kind: 'oracle' | 'theorem'
  /** Everything that the result depends on besides the cell, as text. */
  readonly inputs: string
  /** Version of the computation. A result from another version is not used; it is computed again. */
  readonly version: number
}

export async function storedExact({ pool }: Database, { cellId, kind, inputs, version }: ExactKey): Promise<unknown> {
  const { rows } = await pool.query<{ document: unknown }>(
    'select document from farm.exact where cell_id = $1 and kind = $2 and inputs = $3 and version = $4',
    [cellId, kind, inputs, version],
  )
  return rows[0]?.document ?? null
}

/** Stores a result, unless its cell has been removed in the meantime. */
export async function storeExact(
  { pool }: Database,
  { cellId, kind, inputs, version }: ExactKey,
  json: string,
  seconds: number,
): Promise<void> {
  await pool.query(
    `insert into farm.exact (cell_id, kind, inputs, version, document, seconds)
     select $1, $2, $3, $4, $5, $6 where exists (select from farm.cell c where c.id = $1)
     on conflict (cell_id, kind, inputs) do update
       set version = excluded.version, document = excluded.document, seconds = excluded.seconds, computed_at = now()`,
    [cellId, kind, inputs, version, json, seconds],
  )
}
