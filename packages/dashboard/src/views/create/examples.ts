export interface Example {
  readonly name: string
  readonly text: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

const folder = '../../../../../examples/'

const texts = import.meta.glob<string>('../../../../../examples/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const data = import.meta.glob<string>('../../../../../examples/data/*.csv', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The examples of `driftfarm example`, with the data files that they read. */
export const examples: readonly Example[] = Object.entries(texts).map(([path, text]) => ({
  name: path.slice(folder.length, -'.yaml'.length),
  text,
  files: new Map(
    Object.entries(data).flatMap(([path, content]) => {
      const file = path.slice(folder.length)
      return text.includes(file) ? [[file, new TextEncoder().encode(content)] as const] : []
    }),
  ),
}))
