import { Check, RotateCw, Trash2 } from 'lucide-react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useQuarantine } from '../../api/queries'
import { bytes, number, t, tx } from '../../i18n'
import { refusalText } from '../../i18n/mqtt'
import { Ago, Button, Note } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { TableScroll } from '../../ui/tablescroll'
import { violationText } from './violation'

type Node = Schemas['Node']
type Held = Schemas['QuarantinedMessage']

/** The messages of a topic that were held back: what is wrong with each, and what can be done. */
export function QuarantinedCard({ node, canWrite }: { node: Node; canWrite: boolean }) {
  const topic = node.topic ?? node.path
  const held = useQuarantine(topic)
  const clear = useChange(() => unwrap(api.DELETE('/quarantine', { params: { query: { topic } } })), keys.namespace)
  const items = held.data?.items ?? []
  if (items.length === 0 && node.effective.validation.value !== 'QUARANTINE') return null
  return (
    <section className="card table-card" aria-labelledby="quarantine-title" data-testid="quarantine">
      <div className="card-head violations-head">
        <h2 id="quarantine-title">{t('quarantine.title')}</h2>
        {held.data && (
          <span className="count num" data-testid="quarantine-count">
            {number(items.length)}
            {held.data?.nextCursor && '+'}
          </span>
        )}
        <span className="grow" />
        {canWrite && items.length > 0 && (
          <Button icon={<Trash2 size={16} aria-hidden />} busy={clear.isPending} onClick={() => clear.mutate(undefined)} data-testid="quarantine-clear">
            {t('quarantine.clear')}
          </Button>
        )}
      </div>
      {held.isError && <Note tone="err">{held.error.message}</Note>}
      {clear.isError && <Note tone="err">{clear.error.message}</Note>}
      {items.length > 0 && (
        <TableScroll label={t('quarantine.title')}>
          <table aria-label={t('quarantine.title')} data-testid="quarantine-table">
            <thead>
              <tr>
                <th scope="col">{t('quarantine.at')}</th>
                <th scope="col">{t('violations.found')}</th>
                <th scope="col" className="from-2">
                  {t('value.publishedBy')}
                </th>
                <th scope="col">
                  <span className="sr">{t('quarantine.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={item.id} item={item} canWrite={canWrite} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {held.data && <p className="muted small violation-note">{t(items.length > 0 ? 'quarantine.note' : 'quarantine.none')}</p>}
    </section>
  )
}

function Row({ item, canWrite }: { item: Held; canWrite: boolean }) {
  const path = { params: { path: { id: item.id } } }
  const replay = useChange(async (retained: 'REPLACE' | 'KEEP' | undefined) => {
    const done = await unwrap(api.POST('/quarantine/{id}/replay', { params: { ...path.params, ...(retained ? { query: { retained } } : {}) } }))
    if (!done.accepted) throw new Error(done.reasonCode < 0x80 ? t('quarantine.takenOver') : refusalText(done))
  }, keys.namespace)
  const newer = replay.error instanceof ApiError && replay.error.name === 'newer-retained'
  const accept = useChange(async () => {
    const { nodeId, revision, model } = await unwrap(api.GET('/quarantine/{id}/accepting-model', path))
    await unwrap(api.PATCH('/namespace/nodes/{id}', { params: { path: { id: nodeId }, header: { 'If-Match': `"${revision}"` } }, body: { model } }))
  }, keys.namespace)
  const remove = useChange(() => unwrap(api.DELETE('/quarantine/{id}', path)), keys.namespace)
  const wrong = item.stillWrong
  const failed = [replay, accept, remove].find((each) => each.isError)
  return (
    <tr data-testid="quarantined">
      <td className="sub num">
        <Ago time={item.at} every={1_000} />
      </td>
      <td>
        <div className="two-lines">
          <span>
            <span className="tag tag-err">{item.violation.code}</span>{' '}
            {item.violation.field
              ? tx('violations.reason', { field: <code key="f" className="mono strong">{item.violation.field}</code>, reason: violationText(item.violation) })
              : violationText(item.violation)}
          </span>
          <span className="row small">
            <code className="mono muted cut cut-wide" title={item.raw}>
              {item.raw}
            </code>
            <span className="muted num">{bytes(item.bytes)}</span>
            {!wrong && <span className="ok">{t('quarantine.fits')}</span>}
          </span>
          {failed && <span className="err small" role="alert">{failed.error?.message}</span>}
          {newer && (
            <span className="row">
              <Button onClick={() => replay.mutate('KEEP')} data-testid="quarantine-keep">
                {t('quarantine.keepRetained')}
              </Button>
              <Button onClick={() => replay.mutate('REPLACE')} data-testid="quarantine-replace">
                {t('quarantine.replaceRetained')}
              </Button>
            </span>
          )}
        </div>
      </td>
      <td className="from-2">
        <div className="two-lines">
          <span>{item.publisher.description || item.publisher.clientId || '—'}</span>
          {item.publisher.clientId && <span className="muted small mono">{item.publisher.clientId}</span>}
        </div>
      </td>
      <td>
        <div className="row">
          {canWrite && wrong && (
            <Button icon={<Check size={16} aria-hidden />} busy={accept.isPending} onClick={() => accept.mutate(undefined)} title={t('quarantine.acceptHint')} data-testid="quarantine-accept">
              {t('quarantine.accept')}
            </Button>
          )}
          {canWrite && !wrong && (
            <Button icon={<RotateCw size={16} aria-hidden />} busy={replay.isPending} onClick={() => replay.mutate(undefined)} data-testid="quarantine-replay">
              {t('quarantine.replay')}
            </Button>
          )}
          {canWrite && (
            <IconButton icon={<Trash2 size={16} aria-hidden />} label={t('quarantine.remove')} onClick={() => remove.mutate(undefined)} data-testid="quarantine-remove" />
          )}
        </div>
      </td>
    </tr>
  )
}
