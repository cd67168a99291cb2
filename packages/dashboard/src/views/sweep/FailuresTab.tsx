import type { StatusData } from '@driftfarm/report'
import { FailuresOf } from '../../parts/FailuresOf.tsx'

export const FailuresTab = ({ sweep }: { readonly sweep: StatusData }) => <FailuresOf sweep={sweep} />
