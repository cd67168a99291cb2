/**
 * The statements that store the descriptions of views in the catalog. A line that begins with `---` describes the view
 * or the column that follows it, so that a column and its meaning are in one place.
 */
export function commentsOf(sql: string): string {
  const views = [...sql.matchAll(/^--- (.*)\ncreate view (\S+) as\nselect\n([\s\S]*?)^from /gm)]
  const comments = views.flatMap(([, about, view, columns]) => [
    ['view', view, about],
    ...[...columns!.matchAll(/^ {2}--- (.*)\n((?:(?! {2}--- ).*\n)+)/gm)].map(([, meaning, column]) => {
      const [, name] = /"?(\w+)"?,?\n$/.exec(column!)!
      return ['column', `${view}."${name}"`, meaning]
    }),
  ])
  return comments
    .map(([what, name, text]) => `comment on ${what} ${name} is '${text!.replace(/'/g, "''")}';\n`)
    .join('')
}
