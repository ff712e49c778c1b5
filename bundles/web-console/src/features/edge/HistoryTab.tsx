import { ChevronRight, History, SearchX } from 'lucide-react'
import { useCallback } from 'react'
import type { Schemas } from '../../api/client'
import { useConnections } from '../../api/queries'
import { duration, t, tn } from '../../i18n'
import { Ago, FilterSelect, SearchBox } from '../../ui/basics'
import { Empty, Failure, TableSkeleton } from '../../ui/states'
import { Table, type Column } from '../../ui/table'
import { useUrlState } from '../../ui/url'
import { ClientConnections } from './ClientConnections'
import { ProtocolTags } from './ClientsTab'
import { CAUSES, Ending } from './Ending'
import { SessionPanel } from './SessionPanel'

type Connection = Schemas['Connection']
type Cause = Schemas['DisconnectCause']
type Sort = NonNullable<NonNullable<Parameters<typeof useConnections>[0]>['sort']>

/** Who is and was connected, and why connections ended: also clients that left no session behind. */
export function HistoryTab({ canOperate }: { canOperate: boolean }) {
  const [q, setQ] = useUrlState('q')
  const [state, setState] = useUrlState('state')
  const [cause, setCause] = useUrlState('cause')
  const [sort, setSort] = useUrlState('sort')
  const [openId, setOpenId] = useUrlState('connection')
  const connections = useConnections({
    ...(q ? { q } : {}),
    ...(state ? { state: state as 'OPEN' | 'ENDED' } : {}),
    ...(cause ? { cause: cause as Cause } : {}),
    ...(sort ? { sort: sort as Sort } : {}),
  })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = connections
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const toggle = (id: string) => setOpenId(id === openId ? '' : id)
  const columns: Column<Connection>[] = [
    {
      id: 'clientId',
      header: t('clientId'),
      sort: 'clientId',
      cell: ({ id, clientId }) => (
        <button type="button" className="with-dot expand" aria-expanded={id === openId} title={t('history.details', { id: clientId })} onClick={() => toggle(id)} data-testid={`connection-open-${clientId}`}>
          <ChevronRight size={15} className="expander" aria-hidden />
          <span className="mono strong cut">{clientId}</span>
        </button>
      ),
    },
    { id: 'credential', header: t('client.credential'), from: 2, cell: ({ credential }) => <span className="cut">{credential?.description ?? <span className="muted">{t('client.anonymous')}</span>}</span> },
    {
      id: 'connectedAt',
      header: t('history.began'),
      sort: 'connectedAt',
      from: 2,
      cell: ({ connectedAt, sessionPresent }) => (
        <div className="two-lines">
          <span className="sub">
            <Ago time={connectedAt} />
          </span>
          {sessionPresent && <span className="muted small">{t('history.resumed')}</span>}
        </div>
      ),
    },
    { id: 'duration', header: t('history.lasted'), sort: 'duration', numeric: true, from: 2, cell: ({ durationSeconds, connectedAt, disconnectedAt }) => (disconnectedAt === null ? <Ago time={connectedAt} bare /> : duration(durationSeconds * 1000)) },
    {
      id: 'at',
      header: t('history.ended'),
      sort: 'at',
      cell: ({ disconnectedAt }) => <span className="sub">{disconnectedAt === null ? '—' : <Ago time={disconnectedAt} />}</span>,
    },
    { id: 'cause', header: t('history.why'), cell: (connection) => <Ending connection={connection} /> },
    { id: 'address', header: t('client.address'), from: 3, cell: ({ address }) => <span className="mono sub">{address}</span> },
    { id: 'protocol', header: t('client.protocol'), from: 3, cell: (connection) => <ProtocolTags client={connection} /> },
  ]
  const rows = connections.data?.pages.flatMap((page) => page.items) ?? []
  const first = connections.data?.pages[0]
  return (
    <div className="card table-card">
      <div className="toolbar">
        <SearchBox value={q} onChange={setQ} placeholder={t('clients.search')} testId="history-search" />
        <FilterSelect
          label={t('filter.status')}
          value={state as 'OPEN' | 'ENDED' | ''}
          onChange={setState}
          options={(['OPEN', 'ENDED'] as const).map((value) => ({ value, label: t(`history.state.${value}`) }))}
          testId="history-state"
        />
        <FilterSelect
          label={t('history.why')}
          value={cause as Cause | ''}
          onChange={setCause}
          options={CAUSES.map((value) => ({ value, label: t(`history.cause.${value}`) }))}
          testId="history-cause"
        />
      </div>
      {connections.isPending ? (
        <TableSkeleton rows={6} columns={6} />
      ) : connections.isError ? (
        <Failure error={connections.error} retry={connections.refetch} />
      ) : rows.length === 0 ? (
        q || state || cause ? (
          <Empty icon={<SearchX size={22} />} title={t('none.match')}>
            {t('none.matchText')}
          </Empty>
        ) : (
          <Empty icon={<History size={22} />} title={t('history.empty.title')} testId="history-empty">
            {t('history.empty.text')}
          </Empty>
        )
      ) : (
        <>
          <Table
            label={t('edge.tab.history')}
            columns={columns}
            rows={rows}
            rowKey={(connection) => connection.id}
            rowTestId={(connection) => `connection-row-${connection.clientId}`}
            sort={sort || '-at'}
            onSort={setSort}
            onOpen={({ id }) => toggle(id)}
            selectedKey={openId || undefined}
            detail={({ clientId }) => <ConnectionDetail clientId={clientId} canOperate={canOperate} />}
            onMore={hasNextPage ? more : undefined}
            tall
            total={first?.total ?? 0}
            testId="history-table"
          />
          <div className="table-foot">
            <span>{t('showing', { n: rows.length, total: first?.total ?? 0 })}</span>
            {first && first.forgotten > 0 && <span>{tn('history.forgotten', first.forgotten)}</span>}
          </div>
        </>
      )}
    </div>
  )
}

/** What happened to the client of a row, and what waits for it now. */
function ConnectionDetail({ clientId, canOperate }: { clientId: string; canOperate: boolean }) {
  return (
    <div className="connection-detail" data-testid={`connection-detail-${clientId}`}>
      <ClientConnections clientId={clientId} />
      <SessionPanel clientId={clientId} canOperate={canOperate} />
    </div>
  )
}
