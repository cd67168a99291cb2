import type { Answer, Input, QuestionName } from '@driftfarm/report'
import { hashKey, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useSource } from './documentOrigin.tsx'
import { useLive } from './liveness.tsx'

interface Options<Data> extends Pick<UseQueryOptions<Data>, 'enabled' | 'placeholderData' | 'retry' | 'staleTime'> {
  /** Interval in ms at which the question is asked again, except while the page is paused. */
  everyMs?(data: Data | undefined): number | false
  /** The question is asked again when one of these values changes. Until then, its last answer stays. */
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
    placeholderData: (before, last) =>
      hashKey(last?.queryKey.slice(0, 2) ?? []) === hashKey([name, input]) ? before : undefined,
    ...query,
  })
}
