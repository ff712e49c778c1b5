import { Link } from 'wouter'
import { useConnections } from '../../api/queries'
import { duration, exact, t, tn } from '../../i18n'
import { Presence } from '../../ui/presence'
import { Ending } from './Ending'

const DAY_MILLIS = 86_400_000
const SHOWN = 4

/** When a client was connected in the last day, and how its latest connections ended. */
export function ClientConnections({ clientId }: { clientId: string }) {
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
      <ul className="list-box">
        {connections.slice(0, SHOWN).map((connection) => (
          <li key={connection.id}>
            <span>
              <span title={exact(connection.connectedAt)}>{exact(connection.connectedAt)}</span>
              <span className="sub block">
                {duration(connection.durationSeconds * 1000)} · <span className="mono">{connection.address}</span>
              </span>
            </span>
            <Ending connection={connection} />
          </li>
        ))}
      </ul>
      {total > SHOWN && (
        <Link href={`/edge/history?q=${encodeURIComponent(clientId)}`} className="link">
          {tn('history.all', total)}
        </Link>
      )}
    </section>
  )
}
