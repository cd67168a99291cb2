/**
 * Returns, for each dotted path, its shortest ending that no other path has.
 *
 *     paramTitles(['update.eta', 'let.T']) // ['eta', 'T']
 */
export function paramTitles(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.')
    for (let length = 1; length < parts.length; length++) {
      const title = parts.slice(-length).join('.')
      if (paths.every((other) => other === path || (other !== title && !other.endsWith(`.${title}`)))) return title
    }
    return path
  })
}
