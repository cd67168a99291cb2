import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { english, korean } from './pages.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))
const root = join(docs, '..')
const { version } = JSON.parse(readFileSync(join(docs, 'package.json'), 'utf8')) as { version: string }

/** Where the site is served: DRIFTFARM_DOCS_BASE=/0.2/ is what the workflow sets for a release. */
const base = process.env.DRIFTFARM_DOCS_BASE ?? '/'

/** Files outside of docs/ that a page links to: the site brings them along under files/. */
const linked = new Set<string>()

export default defineConfig({
  title: 'Drift Farm',
  base,
  lang: 'en',
  description:
    'With which probability does Stochastic Drift Gradient escape a minimum, and with which does it converge?',
  cacheDir: join(docs, 'node_modules/.cache/vitepress'),
  srcExclude: ['README.md'],
  lastUpdated: false,
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: english(version) },
    ko: { label: '한국어', lang: 'ko', themeConfig: korean(version) },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // Records of decisions are for who changes the program: they would hide what its users look for.
        _render(source, env, md) {
          const html = md.render(source, env)
          return env.relativePath.startsWith('decisions/') ? '' : html
        },
        locales: {
          ko: {
            translations: {
              button: { buttonText: '찾기', buttonAriaLabel: '찾기' },
              modal: {
                noResultsText: '찾은 것이 없습니다:',
                resetButtonTitle: '지우기',
                footer: { selectText: '열기', navigateText: '이동', closeText: '닫기' },
              },
            },
          },
        },
        // A key such as `trial.escape` and an option such as --best are words too, and so are their parts. The function
        // goes into the page as text: it may name nothing outside of itself.
        miniSearch: {
          options: {
            tokenize: (text) =>
              text.split(/[\s,;:()[\]{}"'`|<>]+/).flatMap((word) => {
                const parts = word.split(/[.\-_/=]+/).filter((part) => part !== '')
                return parts.length > 1 ? [word, ...parts] : parts
              }),
          },
        },
      },
    },
  },
  markdown: {
    // Blocks are shown in colours that keep a contrast of 4.5 on their background.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      md.core.ruler.push('files', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null
          if (href === null || href === undefined || /^([a-z]+:|#|\/)/.test(href)) continue
          const [path = '', anchor] = href.split('#')
          const target = posix.join(posix.dirname(env.relativePath), path)
          const outside = target.startsWith('../')
            ? target.slice(3)
            : target.startsWith('schema/')
              ? `docs/${target}`
              : null
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
    process.stderr.write(`${linked.size} files outside of ${relative(root, docs)}/ are brought along\n`)
  },
})
