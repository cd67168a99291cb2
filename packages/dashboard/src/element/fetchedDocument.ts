/** Reads the document at an address. Throws an Error with one sentence for the reader of the page. */
export async function fetchedDocument(src: string, signal: AbortSignal): Promise<unknown> {
  const url = new URL(src, document.baseURI)
  if (url.origin !== location.origin)
    throw new Error(
      `src is on ${url.origin}, but must be on ${location.origin}, the origin of the page. For a document from ` +
        'another origin, set the property `document`.',
    )
  const answer = await fetch(url, { headers: { accept: 'application/json' }, signal }).catch(() => {
    throw new Error(`${url.pathname} cannot be loaded, because the server does not answer.`)
  })
  const text = await answer.text()
  try {
    return JSON.parse(text)
  } catch {
    const found = answer.ok ? 'is not JSON' : `cannot be read: status ${answer.status}`
    throw new Error(
      `${url.pathname} ${found}. On a farm, the address of a document is, for example, ` +
        '`/api/v1/sweeps/NAME/results` or `/api/v1/sweeps/NAME/figures/map.json`.',
    )
  }
}
