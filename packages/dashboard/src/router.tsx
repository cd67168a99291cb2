import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import * as z from 'zod'
import { PageNotFound, Shell } from './app/Shell.tsx'
import { word } from './parts/search.ts'
import { Failure } from './parts/states.tsx'
import { cellSearch } from './views/cell/search.ts'
import { playSearch } from './views/play/search.ts'
import { sweepSearch } from './views/sweep/search.ts'
import { sweepsSearch } from './views/sweeps/listed.ts'
import { SweepsView } from './views/sweeps/SweepsView.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: PageNotFound })

export const sweepsRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (raw) => sweepsSearch.parse(raw),
  component: SweepsView,
})

export const sweepRoute = createRoute({
  getParentRoute: () => root,
  path: '/sweeps/$ref',
  validateSearch: (raw) => sweepSearch.parse(raw),
  component: lazyRouteComponent(() => import('./views/sweep/SweepView.tsx'), 'SweepView'),
})

export const cellRoute = createRoute({
  getParentRoute: () => root,
  path: '/sweeps/$ref/cells/$cell',
  validateSearch: (raw) => cellSearch.parse(raw),
  component: lazyRouteComponent(() => import('./views/cell/CellView.tsx'), 'CellView'),
})

export const farmRoute = createRoute({
  getParentRoute: () => root,
  path: '/farm',
  component: lazyRouteComponent(() => import('./views/farm/FarmView.tsx'), 'FarmView'),
})

const newSearch = z.object({ /** The sweep whose spec is copied. */ from: word })

export const newRoute = createRoute({
  getParentRoute: () => root,
  path: '/new',
  validateSearch: (raw) => newSearch.parse(raw),
  component: lazyRouteComponent(() => import('./views/create/CreateView.tsx'), 'CreateView'),
})

export const playRoute = createRoute({
  getParentRoute: () => root,
  path: '/play',
  validateSearch: (raw) => playSearch.parse(raw),
  component: lazyRouteComponent(() => import('./views/play/PlayView.tsx'), 'PlayView'),
})

/** The address of a view follows `#`, so that the page works under any path and when it is opened from a file. */
export const router = createRouter({
  routeTree: root.addChildren([sweepsRoute, sweepRoute, cellRoute, farmRoute, newRoute, playRoute]),
  history: createHashHistory(),
  defaultErrorComponent: ({ error, reset }) => <Failure title="View not available" error={error} again={reset} />,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
