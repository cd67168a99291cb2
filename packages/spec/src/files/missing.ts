/** The ways to treat a missing value in a table: report a mistake, drop the line, or fill in the mean of the column. */
export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/**
 * Texts that mean a missing value: an empty field, and the spellings of R, NumPy, pandas, SQL and the UCI repository.
 */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)
