import { chownSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseError, messageOf } from '../errors.ts'

export interface ServerFiles {
  readonly account: Account | null
  /**
   * The folder that contains data/ and the log: `postgres` in the home or, if the account cannot reach the home, a
   * folder outside the home.
   */
  readonly folder: string
  readonly data: string
  readonly log: string
}

/** A user account that can run the server. PostgreSQL refuses to run as root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * Null means the current user. If the current user is root, the server runs as the owner of the data folder. If there
 * is no data folder, or root owns it, the server runs as the user `postgres` or `nobody`. Throws a DatabaseError
 * ACCOUNT if no account can run the server.
 */
export function serverAccount(dataOwner: number | null): Account | null {
  if (process.getuid?.() !== 0) return null
  const accounts = readAccounts()
  const wanted =
    dataOwner !== null && dataOwner !== 0
      ? accounts.find(({ uid }) => uid === dataOwner)
      : (accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody'))
  if (wanted !== undefined && wanted.uid !== 0) return wanted
  // initdb and postgres look up their own user name, so a user id without a name is not enough.
  throw new DatabaseError(
    'ACCOUNT',
    dataOwner === null
      ? 'PostgreSQL cannot run as root, and /etc/passwd has neither a user named postgres nor one named nobody'
      : `The data folder belongs to user ${dataOwner}, who is not in /etc/passwd`,
  )
}

export function changeOwner(folder: string, account: Account | null): void {
  if (account === null) return
  try {
    chownSync(folder, account.uid, account.gid)
  } catch (cause) {
    throw new DatabaseError('ACCOUNT', `Cannot make user ${account.name} the owner of ${folder}: ${messageOf(cause)}`, {
      cause,
    })
  }
}

/** Whether the account may enter every folder from the root down to `path`. */
export function isReachable(path: string, account: Account | null): boolean {
  if (account === null) return true
  try {
    for (let folder = realpathSync(path); ; folder = dirname(folder)) {
      const { uid, gid, mode } = statSync(folder)
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) return false
      if (folder === dirname(folder)) return true
    }
  } catch {
    return false
  }
}

const passwd = '/etc/passwd'

function readAccounts(): Account[] {
  const lines = (existsSync(passwd) ? readFileSync(passwd, 'utf8') : '').split('\n')
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
