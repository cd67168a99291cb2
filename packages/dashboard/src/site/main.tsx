import '../compute/noEval.ts'
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  redirect,
} from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { type Session, SessionContext } from '../live/documentOrigin.tsx'
import { kept } from '../parts/storage.ts'
import { applyTheme } from '../parts/theme.ts'
import { PlayView } from '../views/play/PlayView.tsx'
import { LiveFigure } from './LiveFigure.tsx'
import { siteFigures } from './siteFigures.ts'
import '../styles/base.css'
import '../styles/parts.css'
import '../styles/views.css'
import './site.css'

// The playground and the live figures of the documentation's site: views of the page, from static files, without a
// farm.

/** Where VitePress stores which colours the reader prefers. It tells all frames of the site about a change. */
const colorsKey = 'vitepress-theme-appearance'

addEventListener('storage', ({ key, newValue }) => {
  if (key === colorsKey) applyTheme(newValue)
})
applyTheme(kept(colorsKey))
// In a page of the documentation, the heading of the playground would repeat that of the page.
if (parent !== window) document.documentElement.dataset.framed = ''

const root = createRootRoute()
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/play' })
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/play', component: PlayView }),
  ...Object.keys(siteFigures).map((name) =>
    createRoute({
      getParentRoute: () => root,
      path: `/figure/${name}`,
      component: () => <LiveFigure name={name} />,
    }),
  ),
]
const router = createRouter({ routeTree: root.addChildren(routes), history: createHashHistory() })

/** Nobody signs in. The documentation is one folder above the playground. */
const reader: Session = { token: null, role: 'read', docs: '../', signIn: never, signOut: never, show: never }

async function never(): Promise<never> {
  throw new Error('there is no farm')
}

createRoot(document.getElementById('root')!).render(
  <main>
    <SessionContext value={reader}>
      <RouterProvider router={router as never} />
    </SessionContext>
  </main>,
)
