import { RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useRecycleBin } from '../../api/queries'
import { day, number, t, tn } from '../../i18n'
import { Ago, Button, Field, Input, Note } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { Confirm, Dialog } from '../../ui/overlays'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { PathIcon, TypeBadge } from './icons'
import { parentOf } from './treestore'

type Entry = Schemas['RecycledNode']

interface Props {
  canWrite: boolean
  onClose: () => void
  onRestored: (node: Schemas['Node']) => void
}

/** What was deleted and can be restored. */
export function RecycleBinDialog({ canWrite, onClose, onRestored }: Props) {
  const bin = useRecycleBin()
  const [leaving, setLeaving] = useState<Entry | 'all'>()
  const [elsewhere, setElsewhere] = useState('')
  const restore = useChange(
    ({ entry, to }: { entry: Entry; to?: string }) =>
      unwrap(
        api.POST('/namespace/nodes/{id}/restore', {
          params: { path: { id: entry.id } },
          body: to === undefined ? {} : { parentPath: parentOf(to), name: to.split('/').at(-1)! },
        }),
      ),
    keys.namespace,
  )
  const put = (entry: Entry, to?: string) =>
    restore.mutate(to === undefined ? { entry } : { entry, to }, {
      onSuccess: (node) => {
        toast({ kind: 'ok', text: t('bin.restored', { path: node.path }) })
        onRestored(node)
      },
      onError: () => setElsewhere((before) => (to === undefined ? entry.path : before)),
    })
  const remove = useChange(
    async (which: Entry | 'all') => {
      if (which === 'all') await unwrap(api.DELETE('/namespace/recycle-bin'))
      else await unwrap(api.DELETE('/namespace/recycle-bin/{id}', { params: { path: { id: which.id } } }))
    },
    keys.namespace,
  )
  const items = bin.data?.items ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t('bin.title')}
      description={bin.data && t('bin.text', { days: bin.data.days, nodes: number(bin.data.maxNodes) })}
      testId="recycle-bin"
      footer={
        <>
          {canWrite && items.length > 0 && (
            <Button variant="danger" onClick={() => setLeaving('all')} data-testid="bin-clear">
              {t('bin.clear')}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t('close')}</Button>
        </>
      }
    >
      {restore.isError && (
        <>
          <Note tone="err">{restore.error.message}</Note>
          <Field label={t('bin.elsewhere')}>{(props) => <Input {...props} mono value={elsewhere} onChange={(event) => setElsewhere(event.target.value)} data-testid="bin-elsewhere" />}</Field>
          <Button disabled={elsewhere.trim() === ''} onClick={() => put(restore.variables.entry, elsewhere.trim())} data-testid="bin-restore-elsewhere">
            {t('bin.restore')}
          </Button>
        </>
      )}
      {bin.isError ? (
        <Failure error={bin.error} retry={bin.refetch} />
      ) : bin.isPending ? (
        <Skeleton lines={3} />
      ) : items.length === 0 ? (
        <Empty icon={<Trash2 size={22} />} title={t('bin.none')} testId="bin-empty" />
      ) : (
        <ul className="ignore-rules" data-testid="bin-items">
          {items.map((entry) => (
            <li key={entry.id}>
              {entry.type === 'PATH' ? <PathIcon type={null} /> : <TypeBadge type={null} />}
              <div className="two-lines grow">
                <code className="mono strong">{entry.path}</code>
                <span className="muted small">
                  {tn('uns.topics', entry.topics)} · {entry.deletedBy} · <Ago time={entry.deletedAt} /> · {t('bin.until', { day: day(entry.until) })}
                </span>
              </div>
              {canWrite && (
                <>
                  <Button
                   
                    icon={<RotateCcw size={15} aria-hidden />}
                    busy={restore.isPending && restore.variables.entry.id === entry.id}
                    data-testid={`bin-restore-${entry.path}`}
                    onClick={() => put(entry)}
                  >
                    {t('bin.restore')}
                  </Button>
                  <IconButton label={t('bin.remove', { path: entry.path })} icon={<Trash2 size={16} aria-hidden />} onClick={() => setLeaving(entry)} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={t('bin.confirm.title')}
        action={t('bin.confirm.action')}
        danger
        testId="bin-confirm"
        run={() => remove.mutateAsync(leaving!)}
      >
        <p>{leaving === 'all' ? t('bin.confirm.all') : t('bin.confirm.one', { path: leaving?.path ?? '' })}</p>
      </Confirm>
    </Dialog>
  )
}
