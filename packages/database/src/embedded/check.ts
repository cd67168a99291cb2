import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'

/**
 * The version of the PostgreSQL that an embedded database would use. Creates nothing. Throws a DatabaseError PLATFORM
 * or ACCOUNT if no embedded database is possible.
 */
export function checkEmbedded(): string {
  serverAccount(null)
  const [major, minor] = findBinaries().version.split('.')
  return `${major}.${minor}`
}
