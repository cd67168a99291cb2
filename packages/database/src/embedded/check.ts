import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'

/**
 * The version of the PostgreSQL that an embedded database would run on, without making anything. Throws DatabaseError
 * PLATFORM or ACCOUNT where none can.
 */
export function checkEmbedded(): string {
  serverAccount(null)
  const [major, minor] = findBinaries().version.split('.')
  return `${major}.${minor}`
}
