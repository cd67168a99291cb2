import { createHash, randomBytes } from 'node:crypto'
import type { DocumentData } from '@driftfarm/report'
import type { Database } from '../connection/database.ts'
import type { PrismaClient } from '../generated/client.ts'
import { AccessError } from './errors.ts'

/**
 * The roles of tokens. `read` may read everything. `submit` may also submit sweeps, and control the sweeps that the
 * same token has submitted. `admin` may do everything.
 */
export type TokenRole = Token['role']

/** A token of the HTTP API, without its secret, which is stored nowhere. */
export type Token = DocumentData<'TokenList'>['tokens'][number]

export interface NewToken extends Pick<Token, 'name' | 'role'> {
  /** Time of expiry; null if the token never expires. */
  readonly expiresAt: Date | null
}

const names = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** A secret of 256 random bits. Its prefix makes it recognisable in a log or a repository. */
const newSecret = (): string => `driftfarm_${randomBytes(32).toString('base64url')}`

/** Secrets are random, so a hash without salt reveals nothing about them. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * Creates a token and returns its secret, which cannot be shown again. Throws TOKEN_REFUSED for an invalid or taken
 * name.
 */
export async function createToken(database: Database, { name, role, expiresAt }: NewToken): Promise<string> {
  if (!names.test(name))
    throw new AccessError('TOKEN_REFUSED', `${JSON.stringify(name)} is not a valid name for a token`, {
      hint: 'use at most 64 letters, digits, dots, hyphens and underscores, and begin with a letter or digit',
    })
  const secret = newSecret()
  const { token } = await database.prisma()
  try {
    await token.create({ data: { name, role, hash: secretHash(secret), expiresAt } })
  } catch (error) {
    if (!isTaken(error)) throw error
    throw new AccessError('TOKEN_REFUSED', `the token ${name} already exists`, {
      hint: `choose another name, or revoke the token: \`driftfarm token revoke ${name}\``,
    })
  }
  return secret
}

/** All tokens that are not revoked, including expired ones, in the order of their names. */
export async function listTokens(database: Database): Promise<Token[]> {
  const { token } = await database.prisma()
  const found = await token.findMany({ where: { revokedAt: null }, orderBy: { name: 'asc' } })
  return found.map(toToken)
}

/** Revokes a token permanently. Throws TOKEN_NOT_FOUND if there is no such token. */
export async function revokeToken(database: Database, name: string): Promise<void> {
  const { token } = await database.prisma()
  const { count } = await token.updateMany({ where: { name, revokedAt: null }, data: { revokedAt: new Date() } })
  if (count === 0) throw new AccessError('TOKEN_NOT_FOUND', `no token ${name}`)
}

/** Whether any token exists, even an expired one. If so, every request needs a token. */
export async function hasTokens(database: Database): Promise<boolean> {
  const { token } = await database.prisma()
  return (await token.findFirst({ where: { revokedAt: null }, select: { id: true } })) !== null
}

/** The token with this secret, expired or not; null if no token has this secret or the token was revoked. */
export async function tokenOf(database: Database, secret: string): Promise<Token | null> {
  const { token } = await database.prisma()
  const found = await token.findFirst({ where: { hash: secretHash(secret), revokedAt: null } })
  if (found === null) return null
  await recordUse(token, found)
  return toToken(found)
}

/**
 * Creates an administrator token whose secret was read from a file, for machines that are configured by files. If the
 * secret has changed, the token with the previous secret is revoked.
 */
export async function seedToken(database: Database, secret: string): Promise<void> {
  const { token } = await database.prisma()
  const hash = secretHash(secret)
  if ((await token.findFirst({ where: { hash, revokedAt: null } })) !== null) return
  await token.updateMany({ where: { name: seededTokenName, revokedAt: null }, data: { revokedAt: new Date() } })
  try {
    await token.create({ data: { name: seededTokenName, role: 'admin', hash } })
  } catch (error) {
    // Another process of the farm has already created the token from the same file.
    if (!isTaken(error)) throw error
  }
}

const seededTokenName = 'admin-file'

type TokenTable = PrismaClient['token']
type Row = NonNullable<Awaited<ReturnType<TokenTable['findFirst']>>>

/** Records the use of a token, at most once a minute: a write for each request would cost more than the request. */
async function recordUse(token: TokenTable, { id, usedAt }: Row): Promise<void> {
  const now = new Date()
  if (usedAt !== null && now.getTime() - usedAt.getTime() < 60_000) return
  await token.updateMany({ where: { id }, data: { usedAt: now } })
}

const toToken = ({ name, role, createdAt, expiresAt, usedAt }: Row): Token => ({
  name,
  role: role as TokenRole,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  usedAt: usedAt?.toISOString() ?? null,
})

/** Whether the error is a unique-constraint violation. */
const isTaken = (error: unknown): boolean => (error as { code?: unknown }).code === 'P2002'
