/** SQL: sweep s is the one that was submitted last under its name, so the name refers to it. */
export const newest = (s: string): string =>
  `not exists (select from farm.sweep later where later.name = ${s}.name and later.submitted_at > ${s}.submitted_at)`
