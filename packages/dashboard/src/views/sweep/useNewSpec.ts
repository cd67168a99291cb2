import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { keepDraft } from '../../compute/draft.ts'
import { useSource } from '../../live/documentOrigin.tsx'

/** Opens a new sweep whose spec `make` derives from that of a sweep. */
export function useNewSpec(sweep: string) {
  const source = useSource()
  const navigate = useNavigate()
  return useMutation({
    async mutationFn(make: (spec: string, refine: typeof import('./refine.ts')) => string) {
      const [{ spec }, refine] = await Promise.all([source.origins({ sweep }), import('./refine.ts')])
      keepDraft({ text: make(spec, refine), from: sweep, isDerived: true })
      await navigate({ to: '/new' })
    },
  })
}
