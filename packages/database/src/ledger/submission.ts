import type { Database } from '../database.ts'
import { LedgerError } from './errors.ts'

/** The submission of a sweep: the text of the spec, the kernel version and the time. Throws SWEEP_NOT_FOUND. */
export async function submissionOf(
  database: Database,
  sweepId: string,
): Promise<{ readonly spec: string; readonly kernel: number; readonly submittedAt: Date }> {
  const prisma = await database.prisma()
  const found = await prisma.sweep.findUnique({
    where: { id: sweepId },
    select: { spec: true, kernel: true, submittedAt: true },
  })
  if (found === null) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return found
}
