/** The owner of an embedded cluster and its only database both have this name. */
export const owner = 'driftfarm'

/** The migration of the views creates this login for external clients. */
export const readerRole = 'driftfarm_reader'
