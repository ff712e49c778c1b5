import { EyeOff, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, unwrap } from '../../api/client'
import { keys, useChange, useIgnoreRules } from '../../api/queries'
import { t, tn } from '../../i18n'
import { Ago, Button, Field, Input, Note } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { Dialog } from '../../ui/overlays'
import { Empty, Failure, Skeleton } from '../../ui/states'

interface Props {
  /** What the field for a new rule begins with. */
  filter: string
  canWrite: boolean
  onClose: () => void
  /** Topics came or went. */
  onChanged: () => void
}

/** Which topics nobody modelled are not to be remembered: the rules, what they kept away, and a new one. */
export function IgnoreRulesDialog({ filter, canWrite, onClose, onChanged }: Props) {
  const [text, setText] = useState(filter)
  const rules = useIgnoreRules()
  const add = useChange((wanted: string) => unwrap(api.POST('/namespace/unmodeled/ignored', { body: { filter: wanted } })), keys.namespace)
  const remove = useChange((id: string) => unwrap(api.DELETE('/namespace/unmodeled/ignored/{id}', { params: { path: { id } } })), keys.namespace)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('ignore.title')}
      description={t('ignore.text')}
      testId="ignore-dialog"
      failure={add.error}
      onSubmit={() => {
        if (text.trim() === '' || add.isPending) return
        add.mutate(text.trim(), {
          onSuccess: () => {
            setText('')
            onChanged()
          },
        })
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('close')}</Button>
          {canWrite && (
            <Button type="submit" variant="primary" busy={add.isPending} disabled={text.trim() === ''} data-testid="ignore-add">
              {t('ignore.add')}
            </Button>
          )}
        </>
      }
    >
      {canWrite && (
        <Field label={t('ignore.filter')} hint={t('ignore.filterHint')} error={add.error?.message}>
          {(props) => <Input {...props} mono value={text} onChange={(event) => setText(event.target.value)} data-testid="ignore-filter" />}
        </Field>
      )}
      {remove.isError && <Note tone="err">{remove.error.message}</Note>}
      {rules.isError ? (
        <Failure error={rules.error} retry={rules.refetch} />
      ) : rules.isPending ? (
        <Skeleton lines={3} />
      ) : rules.data.items.length === 0 ? (
        <Empty icon={<EyeOff size={22} />} title={t('ignore.none')} />
      ) : (
        <ul className="ignore-rules" data-testid="ignore-rules">
          {rules.data.items.map((rule) => (
            <li key={rule.id}>
              <div className="two-lines grow">
                <code className="mono strong">{rule.filter}</code>
                <span className="muted small">
                  {tn('ignore.kept', rule.messages)} · {rule.createdBy} · <Ago time={rule.createdAt} />
                </span>
              </div>
              {canWrite && <IconButton label={t('ignore.remove', { filter: rule.filter })} icon={<Trash2 size={16} aria-hidden />} onClick={() => remove.mutate(rule.id, { onSuccess: onChanged })} />}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
