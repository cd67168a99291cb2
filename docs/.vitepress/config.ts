import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { anchorOf } from './anchors.ts'
import { english, korean, koreanSearch, type Versions } from './pages.ts'
import { miniSearch } from './search.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))
const root = join(docs, '..')
/**
 * Versions. The header shows that of the package that npm installs. From 0.2 on each release has a site in a folder of
 * its own, and the newest one is at the top as well. Who publishes builds each tag with
 * - DRIFTFARM_DOCS_BASE, the path where that build is served: `/book/` or `/book/0.2.0/`;
 * - DRIFTFARM_DOCS_VERSIONS, all versions that there are, the newest first: `0.3.0 0.2.0`. The header leads to them.
 * .github/workflows/docs.yml does so. Without these a build is the only one, at `/`.
 */
const { version } = JSON.parse(readFileSync(join(root, 'packages/driftfarm/package.json'), 'utf8')) as {
  version: string
}
const base = process.env.DRIFTFARM_DOCS_BASE ?? '/'
const all = (process.env.DRIFTFARM_DOCS_VERSIONS ?? '').split(' ').filter((name) => name !== '')
const versions: Versions = { version, all, top: base.endsWith(`/${version}/`) ? '/..' : '' }

/** Files outside of docs/ that a page links to: the site brings them along under files/. */
const linked = new Set<string>()

/** That of the farm's page, inside of each page: no file is asked for. */
const icon = readFileSync(join(root, 'packages/dashboard/public/icon.svg'), 'utf8').trim()

export default defineConfig({
  title: 'Drift Farm',
  base,
  lang: 'en',
  description: 'How likely is noisy gradient descent to leave a minimum, and how likely is it to converge?',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  cacheDir: join(docs, 'node_modules/.cache/vitepress'),
  // Decisions explain choices to who changes the program: they are read in the repository.
  srcExclude: ['README.md', 'decisions/**'],
  lastUpdated: false,
  transformPageData({ relativePath, frontmatter }) {
    if (/^reference\//.test(relativePath)) frontmatter.pageClass = 'wide'
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: english(versions) },
    ko: { label: '한국어', lang: 'ko', themeConfig: korean(versions) },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // Words of a page's front matter are found with its first section, and not shown on the page.
        _render(source, env, md) {
          const html = md.render(source, env)
          const words: unknown = env.frontmatter?.search
          return typeof words === 'string' ? html.replace('</h1>', `</h1>\n<p>${md.utils.escapeHtml(words)}</p>`) : html
        },
        miniSearch,
        locales: { ko: { translations: koreanSearch } },
      },
    },
  },
  vite: {
    // The playground and the live figures, under play/. Setup builds them with the page.
    publicDir: join(root, 'packages/dashboard/dist/site'),
    // The index of search is larger than what Vite expects of a script; it is loaded when search is opened.
    build: { chunkSizeWarningLimit: 2_000 },
  },
  markdown: {
    // Blocks are shown in colours that keep a contrast of 4.5 on their background.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { duckdb: 'sql' },
    anchor: { slugify: anchorOf },
    config(md) {
      md.core.ruler.push('tables', ({ tokens }) => {
        // A wide table scrolls: by the keyboard too, once it can be reached.
        for (const token of tokens) if (token.type === 'table_open') token.attrSet('tabindex', '0')
      })
      md.core.ruler.push('files', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null
          if (href === null || href === undefined || /^([a-z]+:|#|\/)/.test(href)) continue
          const [path = '', anchor] = href.split('#')
          const target = posix.join(posix.dirname(env.relativePath), path)
          if (target.startsWith('schema/')) {
            token.attrSet('href', `${base}${target}`)
            token.attrSet('target', '_self')
            continue
          }
          const outside = target.startsWith('../') ? target.slice(3) : null
          if (outside === null || !existsSync(join(root, outside))) continue
          linked.add(outside)
          token.attrSet('href', `${base}files/${outside}`)
          token.attrSet('target', '_self')
          if (anchor !== undefined) token.meta = { anchor }
        }
      })
    },
  },
  buildEnd({ outDir }) {
    for (const path of linked) {
      const to = join(outDir, 'files', path)
      mkdirSync(dirname(to), { recursive: true })
      cpSync(join(root, path), to, { recursive: true })
    }
    // Editors and validators find the schemas at addresses that stay.
    cpSync(join(docs, 'schema'), join(outDir, 'schema'), { recursive: true })
    process.stderr.write(`${linked.size} files outside of ${relative(root, docs)}/ are brought along\n`)
  },
})
