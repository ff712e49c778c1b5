import { Hourglass, Lock, Plug, SearchX, Trash2, TriangleAlert, Unplug } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Schemas } from '../../api/client'
import { useClient, useClients, useClientSubscriptions, useConnections, useLiveState, useShowClients } from '../../api/queries'
import { duration, exact, number, rate, t, tn } from '../../i18n'
import { Ago, Button, classes, FilterSelect, Note, Pill, SearchBox, useNow } from '../../ui/basics'
import { FlowLine } from '../../ui/flowline'
import { Menu } from '../../ui/menu'
import { Dialog } from '../../ui/overlays'
import { Presence } from '../../ui/presence'
import { Empty, Failure, Skeleton, TableSkeleton } from '../../ui/states'
import { Table, type Column } from '../../ui/table'
import { useUrlState } from '../../ui/url'
import { ClientConnections } from './ClientConnections'
import { DisconnectClient } from './DisconnectClient'
import { MEANT } from './Ending'
import { EndSession } from './EndSession'

type Client = Schemas['Client']
type Sort = NonNullable<NonNullable<Parameters<typeof useClients>[0]>['sort']>

export function ProtocolTags({ client }: { client: Pick<Client, 'protocol' | 'transport'> }) {
  const { protocol, transport } = client
  return (
    <span className="tags">
      {protocol ? <span className="tag tag-fill">{protocol}</span> : <span className="muted">—</span>}
      {(transport === 'tls' || transport === 'wss') && (
        <span className="tag">
          <Lock size={11} aria-hidden /> TLS
        </span>
      )}
      {(transport === 'ws' || transport === 'wss') && <span className="tag">WS</span>}
    </span>
  )
}

/** What flows each second, and below it what has flowed. */
function Flow({ perSecond, total }: { perSecond: number; total: number }) {
  return (
    <div className="two-lines">
      <span className="strong">{rate(perSecond)}</span>
      <span className="sub small">{number(total)}</span>
    </div>
  )
}

const HOUR_MILLIS = 3_600_000

/** When a client was connected and what flowed, as far as there are points to draw. */
function LastHour({ client: { presence, traffic } }: { client: Client }) {
  const now = useNow(30_000)
  const label = tn('client.connectionsInHour', presence.length)
  if (!traffic || traffic.in.length < 2) return <Presence intervals={presence} spanMillis={HOUR_MILLIS} label={label} />
  const most = (points: (number | null)[]) => rate(Math.max(0, ...points.map((value) => value ?? 0)))
  return <FlowLine flow={traffic} presence={presence} now={now} spanMillis={HOUR_MILLIS} label={`${label}. ${t('client.flowInHour', { in: most(traffic.in), out: most(traffic.out) })}`} />
}

function sessionText(client: Client): string {
  if (client.cleanStart && client.sessionExpirySeconds === 0) return t('client.clean')
  if (client.sessionExpirySeconds >= 4294967295) return t('client.expiryNever')
  return t('client.expiry', { time: duration(client.sessionExpirySeconds * 1000) })
}

export function ClientsTab({ canOperate, onConnect }: { canOperate: boolean; onConnect: () => void }) {
  const [q, setQ] = useUrlState('q')
  const [state, setState] = useUrlState('state')
  const [protocol, setProtocol] = useUrlState('protocol')
  const [waiting, setWaiting] = useUrlState('waiting')
  const [sort, setSort] = useUrlState('sort')
  const [openId, setOpenId] = useUrlState('client')
  const [disconnecting, setDisconnecting] = useState<string>()
  const [ending, setEnding] = useState<string>()
  const liveState = useLiveState()
  const clients = useClients({
    ...(q ? { q } : {}),
    ...(state ? { state: state as 'ONLINE' | 'OFFLINE' } : {}),
    ...(protocol ? { protocol: protocol as Schemas['Protocol'] } : {}),
    ...(waiting ? { waiting: true } : {}),
    ...(sort ? { sort: sort as Sort } : waiting ? { sort: '-queued' as const } : {}),
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = clients
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const columns: Column<Client>[] = [
    {
      id: 'clientId',
      header: t('clientId'),
      sort: 'clientId',
      cell: (client) => (
        <span className="with-dot">
          <span className={client.online ? 'dot dot-ok' : 'dot dot-off'} role="img" aria-label={client.online ? t('client.online') : t('client.offline')} title={client.online ? t('client.online') : t('client.offline')} />
          <span className="mono strong cut">{client.clientId}</span>
          {client.reservedFor && (
            <Pill tone="warn" title={t('client.reserved.text', { name: client.reservedFor.description })} testId={`client-reserved-${client.clientId}`}>
              {t('client.reserved')}
            </Pill>
          )}
        </span>
      ),
    },
    {
      id: 'credential',
      header: t('client.credential'),
      sort: 'credential',
      from: 2,
      cell: (client) => (
        <div className="two-lines">
          <span className="cut">{client.credential?.description ?? <span className="muted">{t('client.anonymous')}</span>}</span>
          {client.username && <span className="mono sub small cut">{client.username}</span>}
        </div>
      ),
    },
    { id: 'address', header: t('client.address'), sort: 'address', from: 2, cell: (client) => <span className="mono sub">{client.address ?? '—'}</span> },
    { id: 'protocol', header: t('client.protocol'), sort: 'protocol', cell: (client) => <ProtocolTags client={client} /> },
    {
      id: 'keepAlive',
      header: t('client.keepAlive'),
      sort: 'keepAliveSeconds',
      numeric: true,
      from: 3,
      cell: (client) => (
        <div className="two-lines">
          <span className="sub">{client.keepAliveSeconds === 0 ? t('off') : `${client.keepAliveSeconds} ${t('unit.s')}`}</span>
          <span className="muted small">{sessionText(client)}</span>
        </div>
      ),
    },
    {
      id: 'subscriptions',
      header: t('client.subscriptions'),
      sort: 'subscriptions',
      numeric: true,
      from: 3,
      cell: (client) => (
        <div className="two-lines">
          <span>{number(client.subscriptions)}</span>
          {client.queued > 0 && <span className={classes('small', client.online ? 'waiting' : 'sub')}>{tn('client.waiting', client.queued)}</span>}
        </div>
      ),
    },
    {
      id: 'in',
      header: t('client.inShort'),
      sort: 'messagesIn',
      numeric: true,
      from: 2,
      cell: (client) => <Flow perSecond={client.inPerSecond} total={client.messagesIn} />,
    },
    {
      id: 'out',
      header: t('client.outShort'),
      sort: 'messagesOut',
      numeric: true,
      from: 2,
      cell: (client) => <Flow perSecond={client.outPerSecond} total={client.messagesOut} />,
    },
    {
      id: 'presence',
      header: t('client.lastHour'),
      from: 3,
      cell: (client) => <LastHour client={client} />,
    },
    {
      id: 'since',
      header: t('client.since'),
      sort: 'connectedAt',
      cell: (client) =>
        client.online && client.connectedAt ? (
          <span className="sub">
            <Ago time={client.connectedAt} bare every={1_000} />
          </span>
        ) : (
          <div className="two-lines">
            <Pill tone={client.disconnectCause && MEANT.has(client.disconnectCause) ? 'neutral' : 'err'} title={client.disconnectReason ?? undefined}>
              {client.disconnectCause ? t(`history.cause.${client.disconnectCause}`) : t('client.offline')}
            </Pill>
            {client.disconnectedAt && (
              <span className="muted small">
                <Ago time={client.disconnectedAt} />
              </span>
            )}
          </div>
        ),
    },
    {
      id: 'menu',
      header: '',
      cell: (client) => (
        <Menu
          label={t('actions.for', { name: client.clientId })}
          testId={`client-menu-${client.clientId}`}
          items={[
            { label: t('client.details'), onSelect: () => setOpenId(client.clientId), testId: 'client-details' },
            ...(canOperate && client.online
              ? [{ label: t('client.disconnect'), icon: <Unplug size={16} aria-hidden />, danger: true, separated: true, onSelect: () => setDisconnecting(client.clientId), testId: 'client-disconnect' }]
              : []),
            ...(canOperate
              ? [{ label: t('client.end'), icon: <Trash2 size={16} aria-hidden />, danger: true, separated: !client.online, onSelect: () => setEnding(client.clientId), testId: 'client-end-session' }]
              : []),
          ]}
        />
      ),
    },
  ]
  const showClients = useShowClients('table')
  const shown = useCallback((drawn: Client[]) => showClients(drawn.map((client) => client.clientId)), [showClients])
  const rows = clients.data?.pages.flatMap((page) => page.items) ?? []
  const total = clients.data?.pages[0]?.total ?? 0
  const filtered = Boolean(q || state || protocol || waiting)
  const nobody = clients.isSuccess && rows.length === 0 && !filtered
  const before = useConnections({ state: 'ENDED', limit: 1 }, nobody).data?.pages[0]?.total ?? 0
  return (
    <div className="card table-card">
      <div className="toolbar">
        <SearchBox value={q} onChange={setQ} placeholder={t('clients.search')} testId="clients-search" />
        <FilterSelect
          label={t('filter.status')}
          value={state as 'ONLINE' | 'OFFLINE' | ''}
          onChange={setState}
          options={[
            { value: 'ONLINE', label: t('client.online') },
            { value: 'OFFLINE', label: t('client.offline') },
          ]}
          testId="clients-state"
        />
        <FilterSelect
          label={t('client.protocol')}
          value={protocol as Schemas['Protocol'] | ''}
          onChange={setProtocol}
          options={(['5.0', '3.1.1', '3.1'] as const).map((value) => ({ value, label: `MQTT ${value}` }))}
          testId="clients-protocol"
        />
        <button type="button" className={classes('filter', waiting !== '' && 'filter-on')} aria-pressed={waiting !== ''} onClick={() => setWaiting(waiting ? '' : '1')} data-testid="clients-waiting">
          <Hourglass size={14} aria-hidden /> {t('client.hasQueue')}
        </button>
        <span className="grow" />
        <span className="live-mark" data-testid="live-mark">
          {liveState === 'open' ? t('live') : t('live.off')} <span className={liveState === 'open' ? 'dot dot-ok' : 'dot dot-off'} aria-hidden />
        </span>
      </div>
      {clients.isPending ? (
        <TableSkeleton rows={6} columns={7} />
      ) : clients.isError ? (
        <Failure error={clients.error} retry={clients.refetch} />
      ) : rows.length === 0 ? (
        filtered ? (
          <Empty icon={<SearchX size={22} />} title={t('none.match')} testId="clients-empty">
            {t('none.matchText')}
          </Empty>
        ) : (
          <Empty
            icon={<Plug size={22} />}
            title={t('clients.empty.title')}
            testId="clients-empty"
            actions={<Button onClick={onConnect}>{t('edge.connect')}</Button>}
          >
            {before > 0 ? (
              <>
                {tn('clients.empty.before', before)}{' '}
                <Link href="/edge/history" className="link">
                  {t('edge.tab.history')}
                </Link>
              </>
            ) : (
              t('clients.empty.text')
            )}
          </Empty>
        )
      ) : (
        <>
          <Table
            label={t('edge.tab.clients')}
            columns={columns}
            rows={rows}
            rowKey={(client) => client.clientId}
            rowTestId={(client) => `client-row-${client.clientId}`}
            sort={sort || (waiting ? '-queued' : '-connectedAt')}
            onSort={setSort}
            onOpen={(client) => setOpenId(client.clientId)}
            onMore={hasNextPage ? more : undefined}
            onShown={shown}
            tall
            total={total}
            testId="clients-table"
          />
          <div className="table-foot">
            <span>{t('showing', { n: rows.length, total })}</span>
            {hasNextPage && (
              <button type="button" className="link" onClick={more}>
                {t('showMore')}
              </button>
            )}
          </div>
        </>
      )}
      <ClientDialog clientId={openId || undefined} onClose={() => setOpenId('')} />
      <DisconnectClient clientId={disconnecting} onClose={() => setDisconnecting(undefined)} />
      <EndSession clientId={ending} onClose={() => setEnding(undefined)} />
    </div>
  )
}

function ClientDialog({ clientId, onClose }: { clientId: string | undefined; onClose: () => void }) {
  const client = useClient(clientId)
  const subscriptions = useClientSubscriptions(clientId)
  const showClients = useShowClients('details')
  useEffect(() => showClients(clientId === undefined ? [] : [clientId]), [showClients, clientId])
  const data = client.data
  const facts: [string, React.ReactNode][] = data
    ? [
        [t('client.credential'), data.credential?.description ?? t('client.anonymous')],
        [t('username'), <span className="mono">{data.username || '—'}</span>],
        [t('client.address'), <span className="mono">{data.address ?? '—'}</span>],
        [t('client.protocol'), <ProtocolTags client={data} />],
        [t('client.keepAlive'), data.keepAliveSeconds === 0 ? t('off') : `${data.keepAliveSeconds} ${t('unit.s')}`],
        [t('client.session'), sessionText(data)],
        [t('client.in'), t('client.count', { n: number(data.messagesIn), rate: rate(data.inPerSecond) })],
        [t('client.out'), t('client.count', { n: number(data.messagesOut), rate: rate(data.outPerSecond) })],
        [t('client.queued'), number(data.queued)],
        [data.online ? t('client.since') : t('client.offline'), data.online ? (data.connectedAt ? exact(data.connectedAt) : '—') : data.disconnectedAt ? exact(data.disconnectedAt) : '—'],
      ]
    : []
  return (
    <Dialog open={clientId !== undefined} onClose={onClose} title={<span className="mono">{clientId}</span>} description={t('client.details')} size="l" testId="client-dialog">
      {client.isPending ? (
        <Skeleton lines={5} />
      ) : client.isError ? (
        <Failure error={client.error} />
      ) : (
        <>
          {data?.reservedFor && (
            <Note tone="warn" icon={<TriangleAlert size={17} aria-hidden />}>
              {t('client.reserved.text', { name: data.reservedFor.description })}
            </Note>
          )}
          <dl className="facts-grid">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {clientId !== undefined && <ClientConnections clientId={clientId} />}
          <h3 className="dialog-section">{tn('client.subscriptionsOf', subscriptions.data?.total ?? data?.subscriptions ?? 0)}</h3>
          {subscriptions.data && subscriptions.data.items.length > 0 && (
            <ul className="list-box">
              {subscriptions.data.items.map((item) => (
                <li key={item.filter}>
                  <span className="mono cut">{item.filter}</span>
                  <span className="tag tag-fill">QoS {item.qos}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Dialog>
  )
}
