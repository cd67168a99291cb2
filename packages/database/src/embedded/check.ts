import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'

/**
 * Returns the version of the embedded PostgreSQL, such as `18.4`. Throws a DatabaseError PLATFORM or ACCOUNT if no
 * embedded database is possible.
 */
export function checkEmbedded(): string {
  serverAccount(null)
  const [major, minor] = findBinaries().version.split('.')
  return `${major}.${minor}`
}
