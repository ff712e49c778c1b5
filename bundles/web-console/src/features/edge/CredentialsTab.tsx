import { BookOpen, CircleCheck, KeyRound, Plus, Power, PowerOff, RotateCcw, SearchX, SlidersHorizontal, Trash2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useCredentials } from '../../api/queries'
import { day, exact, t, tn, tx } from '../../i18n'
import { Ago, Button, FilterSelect, Pill, SearchBox } from '../../ui/basics'
import { Menu } from '../../ui/menu'
import { Confirm } from '../../ui/overlays'
import { Empty, Failure, TableSkeleton } from '../../ui/states'
import { Table, type Column } from '../../ui/table'
import { toast } from '../../ui/toast'
import { useUrlState } from '../../ui/url'
import { describeAccess } from './access'
import { EditAccessDialog } from './EditAccess'

type Credential = Schemas['Credential']
type Filters = Parameters<typeof useCredentials>[0]
type Asked = { what: 'reset' | 'disable' | 'delete'; credential: Credential }

interface Props {
  canWrite: boolean
  onNew: () => void
  onHow: () => void
  /** A new password was made; it is to be shown once. */
  onReset: (secret: Schemas['CredentialSecret']) => void
}

function LastSeen({ credential }: { credential: Credential }) {
  if (credential.connected > 0 && credential.connectedSince) {
    return (
      <Pill tone="ok" dot>
        <Ago time={credential.connectedSince} bare />
      </Pill>
    )
  }
  if (credential.lastSeenAt) {
    return (
      <span className="sub">
        <Ago time={credential.lastSeenAt} />
      </span>
    )
  }
  return <Pill tone="warn">{t('credential.never')}</Pill>
}

export function CredentialsTab({ canWrite, onNew, onHow, onReset }: Props) {
  const [q, setQ] = useUrlState('q')
  const [state, setState] = useUrlState('state')
  const [sort, setSort] = useUrlState('sort')
  const [asked, setAsked] = useState<Asked>()
  const [editing, setEditing] = useState<Credential>()
  const credentials = useCredentials({
    ...(q ? { q } : {}),
    ...(state ? { state: state as NonNullable<Filters['state']> } : {}),
    ...(sort ? { sort: sort as NonNullable<Filters['sort']> } : {}),
  })
  const path = (credential: Credential) => ({ params: { path: { id: credential.id } } })
  const touched = [keys.credentials, keys.clients, keys.rejections]
  const enable = useChange((credential: Credential) => unwrap(api.POST('/credentials/{id}/enable', path(credential))), ...touched)
  const disable = useChange((credential: Credential) => unwrap(api.POST('/credentials/{id}/disable', path(credential))), ...touched)
  const reset = useChange((credential: Credential) => unwrap(api.POST('/credentials/{id}/reset-password', path(credential))), ...touched)
  const remove = useChange((credential: Credential) => unwrap(api.DELETE('/credentials/{id}', path(credential))), ...touched)

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = credentials
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const columns: Column<Credential>[] = [
    {
      id: 'description',
      header: t('credential.description'),
      sort: 'description',
      cell: (credential) => (
        <div className="two-lines">
          <span className="strong cut wide">{credential.description}</span>
          <span className="mono sub only-narrow">{credential.clientId}</span>
        </div>
      ),
    },
    {
      id: 'clientId',
      header: t('clientId'),
      sort: 'clientId',
      from: 2,
      cell: (credential) => (
        <span className="mono cut">
          {credential.clientId}
          {credential.clientIdPolicy === 'PREFIX' && <span className="muted">-*</span>}
          {credential.clientIdPolicy === 'ANY' && (
            <span className="tag tag-fill" title={t('policy.ANY.hint')}>
              {t('policy.any')}
            </span>
          )}
          {credential.otherClientIds.length > 0 && (
            <span className="tag tag-fill" title={credential.otherClientIds.join(', ')}>
              +{credential.otherClientIds.length}
            </span>
          )}
        </span>
      ),
    },
    { id: 'username', header: t('username'), sort: 'username', from: 2, cell: (credential) => <span className="mono sub">{credential.username}</span> },
    { id: 'access', header: t('credential.access'), from: 4, cell: (credential) => <span className="sub cut">{describeAccess(credential.acl)}</span> },
    {
      id: 'enabled',
      header: t('credential.enabled'),
      sort: 'enabled',
      cell: (credential) => {
        const expired = credential.expiresAt !== null && new Date(credential.expiresAt) < new Date()
        return expired ? (
          <Pill tone="err" title={exact(credential.expiresAt!)}>
            {t('credential.expired')}
          </Pill>
        ) : (
          <Pill tone={credential.enabled ? 'ok' : 'neutral'}>{credential.enabled ? t('credential.yes') : t('credential.disabled')}</Pill>
        )
      },
    },
    {
      id: 'connected',
      header: t('credential.connected'),
      sort: 'connected',
      from: 2,
      cell: (credential) => (
        <span className="with-dot">
          <span className={credential.connected > 0 ? 'dot dot-ok' : 'dot dot-off'} aria-hidden />
          {credential.connected > 0 ? tn('credential.connections', credential.connected) : <span className="muted">{t('credential.no')}</span>}
        </span>
      ),
    },
    { id: 'lastSeen', header: t('credential.lastSeen'), sort: 'lastSeenAt', from: 2, cell: (credential) => <LastSeen credential={credential} /> },
    {
      id: 'created',
      header: t('credential.created'),
      sort: 'createdAt',
      from: 3,
      cell: (credential) => (
        <span className="sub" title={exact(credential.createdAt)}>
          {day(credential.createdAt)} · {credential.createdBy}
        </span>
      ),
    },
    ...(canWrite
      ? [
          {
            id: 'menu',
            header: '',
            cell: (credential: Credential) => (
              <Menu
                label={t('actions.for', { name: credential.description })}
                testId={`credential-menu-${credential.clientId}`}
                items={[
                  { label: t('credential.reset'), icon: <RotateCcw size={16} aria-hidden />, onSelect: () => setAsked({ what: 'reset', credential }), testId: 'credential-reset' },
                  credential.enabled
                    ? { label: t('credential.disable'), icon: <PowerOff size={16} aria-hidden />, onSelect: () => setAsked({ what: 'disable', credential }), testId: 'credential-disable' }
                    : {
                        label: t('credential.enable'),
                        icon: <Power size={16} aria-hidden />,
                        onSelect: () =>
                          enable.mutate(credential, {
                            onSuccess: () => toast({ kind: 'ok', text: t('credential.enabledToast', { name: credential.description }), about: credential.id }),
                            onError: (error) => toast({ kind: 'error', text: error.message }),
                          }),
                        testId: 'credential-enable',
                      },
                  { label: t('credential.edit'), icon: <SlidersHorizontal size={16} aria-hidden />, onSelect: () => setEditing(credential), testId: 'credential-edit' },
                  { label: t('delete'), icon: <Trash2 size={16} aria-hidden />, onSelect: () => setAsked({ what: 'delete', credential }), danger: true, separated: true, testId: 'credential-delete' },
                ]}
              />
            ),
          },
        ]
      : []),
  ]
  const rows = credentials.data?.pages.flatMap((page) => page.items) ?? []
  const total = credentials.data?.pages[0]?.total ?? 0
  const filtered = Boolean(q || state)
  if (credentials.isSuccess && rows.length === 0 && !filtered) {
    return (
      <div className="card">
        <Empty
          icon={<KeyRound size={22} />}
          title={t('credentials.empty.title')}
          testId="credentials-empty"
          actions={
            <>
              {canWrite && (
                <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={onNew} data-testid="empty-new-credentials">
                  {t('credentials.new')}
                </Button>
              )}
              <Button icon={<BookOpen size={16} aria-hidden />} onClick={onHow}>
                {t('credentials.how')}
              </Button>
            </>
          }
        >
          {t('credentials.empty.text')}
        </Empty>
      </div>
    )
  }
  const name = asked?.credential.description ?? ''
  const connections = asked?.credential.connected ?? 0
  const consequence =
    connections > 0 ? (
      <p>
        <strong>{tn('credential.drops', connections)}</strong>
      </p>
    ) : null
  return (
    <div className="card table-card">
      <div className="toolbar">
        <SearchBox value={q} onChange={setQ} placeholder={t('credentials.search')} testId="credentials-search" />
        <FilterSelect
          label={t('filter.status')}
          value={state as NonNullable<Filters['state']> | ''}
          onChange={setState}
          options={[
            { value: 'ENABLED', label: t('credential.state.ENABLED') },
            { value: 'DISABLED', label: t('credential.disabled') },
            { value: 'CONNECTED', label: t('credential.connected') },
            { value: 'NEVER_CONNECTED', label: t('credential.never') },
          ]}
          testId="credentials-state"
        />
      </div>
      {credentials.isPending ? (
        <TableSkeleton rows={5} columns={7} />
      ) : credentials.isError ? (
        <Failure error={credentials.error} retry={credentials.refetch} />
      ) : rows.length === 0 ? (
        <Empty icon={<SearchX size={22} />} title={t('none.match')}>
          {t('none.matchText')}
        </Empty>
      ) : (
        <>
          <Table
            label={t('edge.tab.credentials')}
            columns={columns}
            rows={rows}
            rowKey={(credential) => credential.id}
            rowTestId={(credential) => `credential-row-${credential.clientId}`}
            sort={sort || '-createdAt'}
            onSort={setSort}
            onMore={hasNextPage ? more : undefined}
            {...(canWrite ? { onOpen: setEditing } : {})}
            total={total}
            testId="credentials-table"
          />
          <div className="table-foot">
            <span>{t('showing', { n: rows.length, total })}</span>
            <span className="row">
              <CircleCheck size={14} aria-hidden /> {t('credentials.hashed')}
            </span>
          </div>
        </>
      )}
      <Confirm
        open={asked?.what === 'reset'}
        onClose={() => setAsked(undefined)}
        title={t('credential.reset.title', { name })}
        action={t('credential.reset')}
        run={async () => onReset(await reset.mutateAsync(asked!.credential))}
      >
        <p>{t('credential.reset.text')}</p>
        {consequence}
      </Confirm>
      <Confirm
        open={asked?.what === 'disable'}
        onClose={() => setAsked(undefined)}
        title={t('credential.disable.title', { name })}
        action={t('credential.disable')}
        danger
        run={async () => {
          await disable.mutateAsync(asked!.credential)
          toast({ kind: 'ok', text: t('credential.disabledToast', { name }), about: asked!.credential.id })
        }}
      >
        <p>{t('credential.disable.text')}</p>
        {consequence}
      </Confirm>
      <Confirm
        open={asked?.what === 'delete'}
        onClose={() => setAsked(undefined)}
        title={t('credential.delete.title', { name })}
        action={t('delete')}
        danger
        run={async () => {
          await remove.mutateAsync(asked!.credential)
          toast({ kind: 'ok', text: t('credential.deletedToast', { name }), about: asked!.credential.id })
        }}
      >
        <p>
          {tx('credential.delete.text', {
            id: (
              <code key="id" className="mono strong">
                {asked?.credential.clientId}
              </code>
            ),
          })}
        </p>
        {consequence}
      </Confirm>
      {editing && <EditAccessDialog credential={editing} onClose={() => setEditing(undefined)} />}
    </div>
  )
}
