import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useNodeHistory } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Ago, Button } from '../../ui/basics'
import { Confirm, Dialog } from '../../ui/overlays'
import { Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'

type Node = Schemas['Node']

/** Who changed what of a node, the latest first; what it was before can be put back. */
export function NodeHistoryDialog({ node, canWrite, onClose }: { node: Node; canWrite: boolean; onClose: () => void }) {
  const history = useNodeHistory(node.id)
  const [back, setBack] = useState<number>()
  const putBack = useChange(
    (revision: number) =>
      unwrap(api.POST('/namespace/nodes/{id}/history/{revision}/put-back', { params: { path: { id: node.id, revision }, header: { 'If-Match': `"${node.revision}"` } } })),
    keys.namespace,
  )
  const items = history.data?.items ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t('versions.of', { name: node.name })}
      description={<span className="mono">{node.path}</span>}
      testId="node-history"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('close')}</Button>
        </>
      }
    >
      {history.isError ? (
        <Failure error={history.error} retry={history.refetch} />
      ) : history.isPending ? (
        <Skeleton lines={4} />
      ) : (
        <ol className="versions">
          {items.map((version, index) => (
            <li key={version.revision} data-testid={`version-${version.revision}`}>
              <div className="row">
                <p className="grow">
                  <strong className="num">{t('versions.revision', { n: number(version.revision) })}</strong>{' '}
                  <span className="muted small">
                    {version.by} · <Ago time={version.at} />
                    {index === 0 && ` · ${t('versions.now')}`}
                  </span>
                </p>
                {canWrite && index > 0 && (
                  <Button icon={<Undo2 size={15} aria-hidden />} onClick={() => setBack(version.revision)} data-testid={`put-back-${version.revision}`}>
                    {t('versions.putBack')}
                  </Button>
                )}
              </div>
              {version.differences.length === 0 ? (
                <p className="muted small">{version.revision === 1 ? t('versions.made') : t('versions.oldest')}</p>
              ) : (
                <dl className="differences">
                  {version.differences.map((difference) => (
                    <div key={difference.key}>
                      <dt className="mono">{difference.key}</dt>
                      <dd>
                        {difference.before !== null && <del>{difference.before}</del>} {difference.after !== null && <ins>{difference.after}</ins>}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </li>
          ))}
        </ol>
      )}
      {items.length > (history.data?.maximum ?? Infinity) && <p className="muted small">{tn('versions.kept', history.data!.maximum)}</p>}
      <Confirm
        open={back !== undefined}
        onClose={() => setBack(undefined)}
        title={t('versions.putBackTitle', { n: number(back ?? 0) })}
        action={t('versions.putBack')}
        testId="put-back-confirm"
        run={async () => {
          await putBack.mutateAsync(back!)
          toast({ kind: 'ok', text: t('versions.wasPutBack', { n: number(back!), path: node.path }) })
          onClose()
        }}
      >
        <p>{t('versions.putBackText')}</p>
      </Confirm>
    </Dialog>
  )
}
