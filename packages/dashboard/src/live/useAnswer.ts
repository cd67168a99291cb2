import type { Answer, Input, QuestionName } from '@driftfarm/report'
import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useSource } from './documentOrigin.tsx'
import { useLive } from './liveness.tsx'

type Query<Data> = Pick<UseQueryOptions<Data>, 'enabled' | 'placeholderData' | 'retry' | 'staleTime'>

interface Options<Data> extends Query<Data> {
  /** Interval in ms at which the question is asked again, except while the page is paused. */
  everyMs?(data: Data | undefined): number | false
  /** The question is asked again when one of these values changes. */
  readonly renewedBy?: readonly unknown[]
}

/** The answer of the farm or the report file to a question. */
export function useAnswer<Name extends QuestionName>(
  name: Name,
  input: Input<Name>,
  { everyMs = () => false, renewedBy = [], ...query }: Options<Answer<Name>> = {},
): UseQueryResult<Answer<Name>> {
  const source = useSource()
  const { isPaused } = useLive()
  return useQuery({
    queryKey: [name, input, ...renewedBy],
    queryFn: () => (source[name] as (input: Input<Name>) => Promise<Answer<Name>>)(input),
    refetchInterval: ({ state }) => (isPaused ? false : everyMs(state.data)),
    ...query,
  })
}
