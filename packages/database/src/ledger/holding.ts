import type { Database } from '../database.ts'

/** Sweeps that hold the cell of this id, the newest first. */
export async function sweepsHolding(database: Database, cellId: string): Promise<string[]> {
  const { sweep } = await database.prisma()
  const found = await sweep.findMany({
    where: { demands: { some: { cellId } } },
    orderBy: [{ submittedAt: 'desc' }, { id: 'asc' }],
    select: { id: true },
  })
  return found.map(({ id }) => id)
}
