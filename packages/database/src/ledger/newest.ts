/** SQL: a name means the sweep s, which was submitted last under it. */
export const newest = (s: string): string =>
  `not exists (select from farm.sweep later where later.name = ${s}.name and later.submitted_at > ${s}.submitted_at)`
