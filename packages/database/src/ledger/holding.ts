import type { Database } from '../database.ts'

/** Ids of the sweeps that contain this cell, the newest first. */
export async function sweepsHolding(database: Database, cellId: string): Promise<string[]> {
  const { sweep } = await database.prisma()
  const found = await sweep.findMany({
    where: { demands: { some: { cellId } } },
    orderBy: [{ submittedAt: 'desc' }, { id: 'asc' }],
    select: { id: true },
  })
  return found.map(({ id }) => id)
}
