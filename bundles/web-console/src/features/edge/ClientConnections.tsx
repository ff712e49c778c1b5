import { Link } from 'wouter'
import { useConnections } from '../../api/queries'
import { t, tn } from '../../i18n'
import { Presence } from '../../ui/presence'
import { ConnectionTimeline } from './ConnectionTimeline'

const DAY_MILLIS = 86_400_000
const SHOWN = 5

/** When a client was connected in the last day, and what happened to it. */
export function ClientConnections({ clientId, more = true }: { clientId: string; more?: boolean }) {
  const { data } = useConnections({ clientId })
  const connections = data?.pages[0]?.items ?? []
  if (connections.length === 0) return null
  const total = data?.pages[0]?.total ?? 0
  return (
    <section className="connections" data-testid="client-connections">
      <h3 className="dialog-section">{t('history.title')}</h3>
      <Presence
        large
        spanMillis={DAY_MILLIS}
        intervals={connections.map(({ connectedAt, disconnectedAt }) => ({ from: connectedAt, to: disconnectedAt }))}
        label={t('history.lastDay')}
      />
      <p className="presence-axis" aria-hidden>
        <span>{t('history.dayAgo')}</span>
        <span>{t('history.now')}</span>
      </p>
      <ConnectionTimeline clientId={clientId} connections={connections} shown={SHOWN} />
      {more && total > 1 && (
        <Link href={`/edge/history?q=${encodeURIComponent(clientId)}`} className="link">
          {tn('history.all', total)}
        </Link>
      )}
    </section>
  )
}
