import { createHash } from 'node:crypto'
import type { Database } from '../connection/database.ts'

/**
 * How long an uploaded file is kept. A stored sweep does not need the file, because the sweep contains the numbers of
 * the file. The file is kept so that a user who submits it again need not upload it again.
 */
const keptMs = 24 * 3_600_000

export const uploadHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Stores a file under the hash of its bytes, and deletes old files. */
export async function putUpload(database: Database, bytes: Uint8Array): Promise<string> {
  const hash = uploadHash(bytes)
  const { upload } = await database.prisma()
  const at = new Date()
  const data = { hash, bytes: new Uint8Array(bytes), at }
  await upload.upsert({ where: { hash }, create: data, update: { at } })
  await upload.deleteMany({ where: { at: { lt: new Date(at.getTime() - keptMs) } } })
  return hash
}

export async function readUpload(database: Database, hash: string): Promise<Uint8Array | null> {
  const { upload } = await database.prisma()
  return (await upload.findUnique({ where: { hash } }))?.bytes ?? null
}

export async function hasUpload(database: Database, hash: string): Promise<boolean> {
  const { upload } = await database.prisma()
  return (await upload.findUnique({ where: { hash }, select: { hash: true } })) !== null
}
