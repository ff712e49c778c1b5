import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { t, tx } from '../../i18n'
import { Button, Field, Input, Note } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { cleanName, topicFor } from './model'
import { parentOf } from './treestore'
import { usePathProblem } from './usePathProblem'

type Subject = Pick<Schemas['TreeNode'], 'id' | 'path' | 'name' | 'type' | 'topicType' | 'topicCount'>

export interface Moving {
  node: Subject
  how: 'move' | 'copy'
  /** Where it goes, if that is said already. */
  parent?: string
}

interface Props {
  moving: Moving
  onClose: () => void
  /** It is there now; of a move, also where it was. */
  onDone: (node: Schemas['Node']) => void
}

/** The folder of a topic's type is not asked for: it is put in again where the topic goes. */
function parentAsked(node: Subject): string {
  const parent = parentOf(node.path)
  return node.type === 'TOPIC' && node.topicType && parent.split('/').at(-1) === folderOf(node.topicType) ? parentOf(parent) : parent
}

const folderOf = (type: Schemas['TopicType']) => topicFor('', '', type).split('/')[0]

/** Moves, renames or copies a node with all that is below it. */
export function MoveNode({ moving, onClose, onDone }: Props) {
  const { node, how } = moving
  const copying = how === 'copy'
  const [parent, setParent] = useState(moving.parent ?? parentAsked(node))
  const [name, setName] = useState(node.name)
  const [keepTopics, setKeepTopics] = useState(true)
  const [tried, setTried] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  const client = useQueryClient()
  const above = cleanName(parent).replace(/^\/+|\/+$/g, '')
  const own = cleanName(name)
  // A topic that is in no folder of its type stays so where it is.
  const whole = node.type === 'TOPIC' && node.topicType && above !== parentOf(node.path) ? topicFor(above, own, node.topicType) : [above, own].filter(Boolean).join('/')
  const problem = usePathProblem(whole)
  const same = whole === node.path
  const below = whole.startsWith(`${node.path}/`)
  const nameProblem =
    own === '' ? t('required') : own.includes('/') ? t('name.slash') : same ? (copying ? t('move.taken') : t('move.same')) : below ? t('why.BELOW_ITSELF', { node: node.path }) : problem
  const change = useChange(
    (): Promise<Schemas['Node']> =>
      copying
        ? unwrap(api.POST('/namespace/nodes/{id}/copy', { params: { path: { id: node.id } }, body: { parentPath: above, name: own } }))
        : unwrap(api.POST('/namespace/nodes/{id}/move', { params: { path: { id: node.id } }, body: { parentPath: above, name: own, keepTopics } })),
  )
  const error = change.error instanceof ApiError ? change.error : undefined
  const topics = node.type === 'TOPIC' || node.topicCount > 0
  const submit = () => {
    setTried(true)
    if (nameProblem || change.isPending) return
    change.mutate(undefined, {
      onSuccess: (there) => {
        toast({ kind: 'ok', text: t(copying ? 'move.copied' : 'move.moved', { path: there.path }) })
        onDone(there)
        // Only when its page is left: nobody asks for what is not there any more.
        setTimeout(() => void client.invalidateQueries({ queryKey: keys.namespace }))
      },
    })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(copying ? 'move.copyTitle' : 'move.title', { name: node.name })}
      description={<span className="mono">{node.path}</span>}
      onSubmit={submit}
      initialFocus={first}
      failure={change.error}
      testId="move-dialog"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={change.isPending} data-testid="move-save">
            {t(copying ? 'move.copyAction' : 'move.action')}
          </Button>
        </>
      }
    >
      {change.error && !error?.field('parentPath') && !error?.field('name') && <Note tone="err">{change.error.message}</Note>}
      <Field label={t('move.parent')} hint={t('move.parentHint')} error={error?.field('parentPath')}>
        {(props) => <Input {...props} ref={first} mono value={parent} onChange={(event) => setParent(event.target.value)} data-testid="move-parent" />}
      </Field>
      <Field label={t('field.name')} error={error?.field('name') ?? (tried ? nameProblem : undefined)}>
        {(props) => <Input {...props} value={name} onChange={(event) => setName(event.target.value)} data-testid="move-name" />}
      </Field>
      {!copying && topics && (
        <label className="check">
          <input type="checkbox" checked={keepTopics} onChange={(event) => setKeepTopics(event.target.checked)} data-testid="move-keep" />
          <span>
            {t('move.keep')}
            <span className="sub block">{t('move.keepHint')}</span>
          </span>
        </label>
      )}
      {own !== '' && !same && (
        <p className="sub" data-testid="move-result">
          {tx('move.result', { path: <code key="p" className="mono strong">{whole}</code> })}
        </p>
      )}
    </Dialog>
  )
}
