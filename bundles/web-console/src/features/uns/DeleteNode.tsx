import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useRecycleBin } from '../../api/queries'
import { t, tn, tx } from '../../i18n'
import { Confirm } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { isBranch, parentOf } from './treestore'

type Target = Pick<Schemas['TreeNode'], 'id' | 'path' | 'name' | 'type' | 'childCount' | 'topicCount'>

/** From so many topics on, the name has to be typed: nobody deletes a plant with one click. */
const MANY_TOPICS = 20

/** Asks before a node is deleted, and says how many topics go with it. */
export function DeleteNode({ node: asked, onClose, onDeleted, onRestored }: { node: Target | undefined; onClose: () => void; onDeleted: (parent: string) => void; onRestored?: (node: Schemas['Node']) => void }) {
  // While the dialog closes it still says what it was about.
  const latest = useRef(asked)
  if (asked) latest.current = asked
  const node = latest.current
  const client = useQueryClient()
  const [chosen, setForGood] = useState(false)
  // A server may keep nothing that is deleted.
  const noBin = useRecycleBin(asked !== undefined).data?.maxNodes === 0
  const forGood = chosen || noBin
  const remove = useChange((target: Target) =>
    unwrap(api.DELETE('/namespace/nodes/{id}', { params: { path: { id: target.id }, query: { recursive: target.childCount > 0, ...(forGood ? { permanent: true } : {}) } } })),
  )
  const restore = (target: Target) => {
    unwrap(api.POST('/namespace/nodes/{id}/restore', { params: { path: { id: target.id } }, body: {} })).then(
      (restored) => {
        void client.invalidateQueries({ queryKey: keys.namespace })
        onRestored?.(restored)
      },
      (error: Error) => toast({ kind: 'error', text: error.message }),
    )
  }
  const path = node?.type === 'PATH'
  // A topic alone is said in words; what is below it is counted with it.
  const branch = node !== undefined && isBranch(node)
  const topics = branch ? node.topicCount : 0
  return (
    <Confirm
      open={asked !== undefined}
      onClose={() => {
        setForGood(false)
        onClose()
      }}
      title={t('uns.delete.title', { name: node?.name ?? '' })}
      action={topics > 0 ? tn('uns.delete.action', topics) : t('delete')}
      danger
      word={topics >= MANY_TOPICS ? node?.name : undefined}
      testId="delete-node"
      run={async () => {
        await remove.mutateAsync(node!)
        const deleted = node!
        toast({ kind: 'ok', text: t('uns.deleted', { path: deleted.path }), ...(forGood ? {} : { action: { label: t('undo'), run: () => restore(deleted) } }) })
        onDeleted(parentOf(node!.path))
        // Only when its page is left: nobody asks for what is gone.
        setTimeout(() => void client.invalidateQueries({ queryKey: keys.namespace }))
      }}
    >
      <p>{tx(path ? 'uns.delete.path' : branch ? 'uns.delete.topicAndBelow' : 'uns.delete.topic', { path: <code key="p" className="mono strong">{node?.path}</code> })}</p>
      {topics > 0 && (
        <p>
          <strong>{tn('uns.delete.topics', topics)}</strong>
        </p>
      )}
      <p>{t(forGood ? 'uns.delete.gone' : 'uns.delete.bin')}</p>
      {!noBin && (
        <label className="check">
          <input type="checkbox" checked={chosen} onChange={(event) => setForGood(event.target.checked)} data-testid="delete-for-good" />
          {t('uns.delete.forGood')}
        </label>
      )}
    </Confirm>
  )
}
