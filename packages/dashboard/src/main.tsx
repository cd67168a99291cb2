import './compute/noEval.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionProvider } from './app/session.tsx'
import { applyTheme } from './parts/theme.ts'
import { router } from './router.tsx'
import './styles/base.css'
import './styles/parts.css'
import './styles/views.css'
import './styles/work.css'

applyTheme()

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Repeat a request only if its error may be temporary. A refused request would be refused again.
      retry: (failures, error) => failures < 2 && (error as { retryable?: boolean }).retryable === true,
      staleTime: 2_000,
      refetchOnWindowFocus: false,
    },
    // Report files can be opened, and a farm on this machine changed, without the internet.
    mutations: { networkMode: 'always' },
  },
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
