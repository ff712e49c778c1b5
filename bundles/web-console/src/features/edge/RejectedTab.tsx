import { SearchX, ShieldCheck } from 'lucide-react'
import { useCallback, useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useCredential, useRejections } from '../../api/queries'
import { number, t } from '../../i18n'
import { Ago, Button, FilterSelect, Pill, SearchBox } from '../../ui/basics'
import { Confirm } from '../../ui/overlays'
import { Empty, Failure, TableSkeleton } from '../../ui/states'
import { Table, type Column } from '../../ui/table'
import { toast } from '../../ui/toast'
import { useUrlState } from '../../ui/url'
import { missingRule } from './access'
import { ProtocolTags } from './ClientsTab'
import { EditAccessDialog } from './EditAccess'
import { EndSession } from './EndSession'
import { rejectionText } from './rejection'

type Rejection = Schemas['Rejection']

/** One click that makes the next attempt work. */
export function Remedies({ rejection }: { rejection: Rejection }) {
  const path = { params: { path: { id: rejection.id } } }
  const touched = [keys.rejections, keys.credentials]
  const name = rejection.credential?.description ?? rejection.username
  const allow = useChange(() => unwrap(api.POST('/rejections/{id}/allow-client-id', path)), ...touched)
  const any = useChange(() => unwrap(api.POST('/rejections/{id}/allow-any-client-id', path)), ...touched)
  const done = (text: string) => ({
    onSuccess: () => toast({ kind: 'ok' as const, text, ...(rejection.credential ? { about: rejection.credential.id } : {}) }),
    onError: (error: Error) => toast({ kind: 'error' as const, text: error.message }),
  })
  if (!rejection.remedies.some((remedy) => remedy === 'ALLOW_CLIENT_ID' || remedy === 'ALLOW_ANY_CLIENT_ID')) return null
  return (
    <span className="remedies">
      {rejection.remedies.includes('ALLOW_CLIENT_ID') && (
        <Button busy={allow.isPending} onClick={() => allow.mutate(undefined, done(t('remedy.allowedId', { name, id: rejection.clientId })))} data-testid="allow-client-id">
          {t('remedy.ALLOW_CLIENT_ID')}
        </Button>
      )}
      {rejection.remedies.includes('ALLOW_ANY_CLIENT_ID') && (
        <Button busy={any.isPending} onClick={() => any.mutate(undefined, done(t('remedy.allowedAny', { name })))} data-testid="allow-any-client-id">
          {t('remedy.ALLOW_ANY_CLIENT_ID')}
        </Button>
      )}
    </span>
  )
}

/** What else helps: what the credential lacks, or credentials of its own. */
function CredentialRemedy({
  rejection,
  onEdit,
  onReset,
  onEnd,
  onNew,
}: {
  rejection: Rejection
  onEdit: (id: string, wanted: Schemas['AclRule'] | undefined) => void
  onReset: (rejection: Rejection) => void
  onEnd: (clientId: string) => void
  onNew: () => void
}) {
  const credential = rejection.credential
  const enable = useChange(() => unwrap(api.POST('/credentials/{id}/enable', { params: { path: { id: credential!.id } } })), keys.rejections, keys.credentials)
  const helps = (remedy: Rejection['remedies'][number]) => rejection.remedies.includes(remedy)
  return (
    <>
      {helps('ENABLE') && credential && (
        <Button
          busy={enable.isPending}
          onClick={() =>
            enable.mutate(undefined, {
              onSuccess: () => toast({ kind: 'ok', text: t('credential.enabledToast', { name: credential.description }), about: credential.id }),
              onError: (error) => toast({ kind: 'error', text: error.message }),
            })
          }
          data-testid="remedy-enable"
        >
          {t('remedy.ENABLE')}
        </Button>
      )}
      {helps('RESET_PASSWORD') && (
        <Button onClick={() => onReset(rejection)} data-testid="remedy-reset">
          {t('remedy.RESET_PASSWORD')}
        </Button>
      )}
      {helps('EDIT_ACCESS') && credential && (
        <Button onClick={() => onEdit(credential.id, missingRule(rejection))} data-testid="remedy-edit">
          {t('remedy.EDIT_ACCESS')}
        </Button>
      )}
      {helps('END_SESSION') && (
        <Button onClick={() => onEnd(rejection.clientId)} data-testid="remedy-end-session">
          {t('client.end')}
        </Button>
      )}
      {helps('NEW_CREDENTIALS') && (
        <Button onClick={onNew} data-testid="remedy-new">
          {t('remedy.NEW_CREDENTIALS')}
        </Button>
      )}
    </>
  )
}

export function RejectedTab({ canWrite, onNew, onReset }: { canWrite: boolean; onNew: () => void; onReset: (secret: Schemas['CredentialSecret']) => void }) {
  const [q, setQ] = useUrlState('q')
  const [kind, setKind] = useUrlState('kind')
  const [editing, setEditing] = useState<{ id: string; wanted: Schemas['AclRule'] | undefined }>()
  const [resetting, setResetting] = useState<Rejection>()
  const [ending, setEnding] = useState<string>()
  const edited = useCredential(editing?.id)
  const reset = useChange(
    (rejection: Rejection) => unwrap(api.POST('/credentials/{id}/reset-password', { params: { path: { id: rejection.credential!.id } } })),
    keys.credentials,
    keys.clients,
  )
  const rejections = useRejections({ ...(q ? { q } : {}), ...(kind ? { kind: kind as Rejection['kind'] } : {}) })
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = rejections
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const columns: Column<Rejection>[] = [
    {
      id: 'cause',
      header: t('rejected.cause'),
      cell: (rejection) => (
        <div className="two-lines">
          <span className="row">
            <Pill tone="err">{t(`rejected.${rejection.cause}`)}</Pill>
            {rejection.count > 1 && (
              <span className="count num" title={t('rejected.times', { n: rejection.count })}>
                ×{number(rejection.count)}
              </span>
            )}
          </span>
          <span className="sub wrap">{rejectionText(rejection)}</span>
          <span className="muted small only-narrow">
            <Ago time={rejection.at} every={1_000} />
          </span>
        </div>
      ),
    },
    {
      id: 'who',
      header: t('client.credential'),
      from: 2,
      cell: (rejection) => (
        <div className="two-lines">
          <span className="strong cut">{rejection.credential?.description ?? <span className="muted">{t('rejected.noCredential')}</span>}</span>
          <span className="mono sub cut">{rejection.username || '—'}</span>
        </div>
      ),
    },
    { id: 'clientId', header: t('clientId'), from: 3, cell: (rejection) => <span className="mono cut">{rejection.clientId || '—'}</span> },
    {
      id: 'address',
      header: t('client.address'),
      from: 3,
      cell: (rejection) => (
        <div className="two-lines">
          <span className="mono sub">{rejection.address ?? '—'}</span>
          {rejection.protocol && rejection.transport && <ProtocolTags client={{ protocol: rejection.protocol, transport: rejection.transport }} />}
        </div>
      ),
    },
    {
      id: 'at',
      header: t('rejected.at'),
      from: 2,
      cell: (rejection) => (
        <span className="sub">
          <Ago time={rejection.at} every={1_000} />
        </span>
      ),
    },
    ...(canWrite
      ? [
          {
            id: 'remedy',
            header: t('rejected.remedy'),
            cell: (rejection: Rejection) => (
              <span className="remedies">
                <Remedies rejection={rejection} />
                <CredentialRemedy rejection={rejection} onEdit={(id, wanted) => setEditing({ id, wanted })} onReset={setResetting} onEnd={setEnding} onNew={onNew} />
              </span>
            ),
          },
        ]
      : []),
  ]
  const rows = rejections.data?.pages.flatMap((page) => page.items) ?? []
  const total = rejections.data?.pages[0]?.total ?? 0
  return (
    <div className="card table-card">
      <div className="toolbar">
        <SearchBox value={q} onChange={setQ} placeholder={t('rejected.search')} testId="rejected-search" />
        <FilterSelect
          label={t('rejected.what')}
          value={kind as Rejection['kind'] | ''}
          onChange={setKind}
          options={(['CONNECT', 'PUBLISH', 'SUBSCRIBE'] as const).map((value) => ({ value, label: t(`rejected.kind.${value}`) }))}
          testId="rejected-kind"
        />
      </div>
      {rejections.isPending ? (
        <TableSkeleton rows={4} columns={5} />
      ) : rejections.isError ? (
        <Failure error={rejections.error} retry={rejections.refetch} />
      ) : rows.length === 0 ? (
        q || kind ? (
          <Empty icon={<SearchX size={22} />} title={t('none.match')}>
            {t('none.matchText')}
          </Empty>
        ) : (
          <Empty icon={<ShieldCheck size={22} />} title={t('rejected.empty.title')} testId="rejected-empty">
            {t('rejected.empty.text')}
          </Empty>
        )
      ) : (
        <>
          <Table
            label={t('edge.tab.rejected')}
            columns={columns}
            rows={rows}
            rowKey={(rejection) => rejection.id}
            rowTestId={(rejection) => `rejection-row-${rejection.clientId}`}
            sort=""
            onSort={() => undefined}
            onMore={hasNextPage ? more : undefined}
            total={total}
            testId="rejected-table"
          />
          <div className="table-foot">
            <span>{t('showing', { n: rows.length, total })}</span>
          </div>
        </>
      )}
      <Confirm
        open={resetting !== undefined}
        onClose={() => setResetting(undefined)}
        title={t('credential.reset.title', { name: resetting?.credential?.description ?? '' })}
        action={t('credential.reset')}
        run={async () => onReset(await reset.mutateAsync(resetting!))}
      >
        <p>{t('credential.reset.text')}</p>
      </Confirm>
      <EndSession clientId={ending} onClose={() => setEnding(undefined)} />
      {editing !== undefined && edited.data && <EditAccessDialog credential={edited.data} wanted={editing.wanted} onClose={() => setEditing(undefined)} />}
    </div>
  )
}
