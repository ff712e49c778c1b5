import type { Schemas } from '../../api/client'
import { t } from '../../i18n'

/** Says so where an address cannot be connected to from here. */
export function Reach({ endpoint }: { endpoint: Schemas['Endpoint'] | undefined }) {
  if (!endpoint || endpoint.state !== 'LISTENING' || endpoint.reach === 'DIRECT') return null
  return (
    <span className="tag" data-testid={`reach-${endpoint.reach}`}>
      {t(`edge.reach.${endpoint.reach}`)}
    </span>
  )
}
