/** SQL: sweep s is the last one that was submitted under its name, so the name refers to it. */
export const newest = (s: string): string =>
  `not exists (select from farm.sweep later where later.name = ${s}.name and later.submitted_at > ${s}.submitted_at)`
