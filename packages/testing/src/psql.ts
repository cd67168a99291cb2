import { programOrNull } from './program.ts'

/** psql on PATH; as root on Debian it is installed. Null where there is none to be had, which is an error in CI. */
export const findPsql = (): Promise<string | null> => programOrNull({ names: ['psql'], package: 'postgresql-client' })
