import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { t, tn, tx } from '../../i18n'
import { Button, Field, Input, Note, Select } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { Dialog } from '../../ui/overlays'
import { toast } from '../../ui/toast'
import { filterProblem, withRule } from './access'
import { FilterInput, PolicyField } from './NewCredentials'
import { Overlaps } from './Overlaps'

type Rule = Schemas['AclRule']

interface Props {
  credential: Schemas['Credential']
  /** A rule that a client lacked: filled in, to be saved. */
  wanted?: Rule | undefined
  onClose: () => void
}

/** Everything about a credential that can be changed without a new password. Takes effect on live connections at once. */
export function EditAccessDialog({ credential, wanted, onClose }: Props) {
  const [description, setDescription] = useState(credential.description)
  const [clientId, setClientId] = useState(credential.clientId)
  const [policy, setPolicy] = useState(credential.clientIdPolicy)
  const [rules, setRules] = useState<Rule[]>(() => withRule(credential.acl, wanted))
  const [others, setOthers] = useState(credential.otherClientIds)
  const [maxConnections, setMaxConnections] = useState(String(credential.maxConnections))
  const [shared, setShared] = useState(false)
  const [expires, setExpires] = useState(credential.expiresAt?.slice(0, 10) ?? '')
  const save = useChange(
    (body: Schemas['CredentialChange']) =>
      unwrap(api.PATCH('/credentials/{id}', { params: { path: { id: credential.id }, header: { 'If-Match': `"${credential.revision}"` } }, body })),
    keys.credentials,
    keys.clients,
  )
  const error = save.error instanceof ApiError ? save.error : undefined
  const change = (index: number, part: Partial<Rule>) => setRules(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)))
  const submit = () => {
    if (description.trim() === '' || rules.some((rule) => filterProblem(rule.filter)) || others.includes('') || save.isPending) return
    const expiresAt = expires === (credential.expiresAt?.slice(0, 10) ?? '') ? credential.expiresAt : expires ? new Date(`${expires}T23:59:59`).toISOString() : null
    save.mutate(
      { description: description.trim(), clientId, clientIdPolicy: policy, otherClientIds: others, acl: rules, maxConnections: Math.max(0, Math.floor(Number(maxConnections) || 0)), expiresAt, ...(shared ? { allowOverlap: true } : {}) },
      {
        onSuccess: () => {
          toast({ kind: 'ok', text: t('saved', { name: description.trim() }) })
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('credential.edit')}
      description={<span className="mono">{credential.username}</span>}
      size="l"
      onSubmit={submit}
      testId="edit-access-dialog"
      footer={
        <>
          {credential.connected > 0 && <span className="sub">{tn('credential.appliesTo', credential.connected)}</span>}
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.isPending} data-testid="save-access">
            {t('save')}
          </Button>
        </>
      }
    >
      {error && <Note tone="err">{error.name === 'revision-mismatch' ? t('error.changedMeanwhile') : error.message}</Note>}
      <Field label={t('credential.description')} error={description.trim() === '' ? t('credential.descriptionNeeded') : error?.field('description')}>
        {(props) => <Input {...props} maxLength={255} value={description} onChange={(event) => setDescription(event.target.value)} />}
      </Field>
      <fieldset className="field">
        <legend className="label">{t('access.rules')}</legend>
        {wanted && rules.includes(wanted) && (
          <Note tone="info" testId="wanted-rule">
            {tx('access.wanted', { topic: <code className="mono strong">{wanted.filter}</code> })}
          </Note>
        )}
        {rules.length === 0 && <Note tone="warn">{t('access.noRules')}</Note>}
        {rules.map((rule, index) => (
          <div key={index} className="rule">
            <Select aria-label={t('access.effect')} value={rule.effect} onChange={(event) => change(index, { effect: event.target.value as Rule['effect'] })}>
              <option value="ALLOW">{t('access.ALLOW')}</option>
              <option value="DENY">{t('access.DENY')}</option>
            </Select>
            <Select aria-label={t('access.action')} value={rule.action} onChange={(event) => change(index, { action: event.target.value as Rule['action'] })}>
              <option value="BOTH">{t('access.BOTH')}</option>
              <option value="PUBLISH">{t('access.PUBLISH')}</option>
              <option value="SUBSCRIBE">{t('access.SUBSCRIBE')}</option>
            </Select>
            <FilterInput label={t('access.topicN', { n: index + 1 })} value={rule.filter} onChange={(filter) => change(index, { filter })} />
            <IconButton label={t('remove')} icon={<X size={15} aria-hidden />} onClick={() => setRules(rules.filter((_, at) => at !== index))} />
          </div>
        ))}
        <div className="row between">
          <span className="field-hint">{t('access.rulesHint')}</span>
          <button type="button" className="link" onClick={() => setRules([...rules, { effect: 'ALLOW', action: 'BOTH', filter: '' }])} data-testid="add-rule">
            <Plus size={13} aria-hidden /> {t('access.addRule')}
          </button>
        </div>
      </fieldset>
      <PolicyField value={policy} onChange={setPolicy} />
      <Overlaps clientId={clientId} policy={policy} credentialId={credential.id} unchanged={clientId === credential.clientId} shared={shared} onShared={setShared} />
      {others
        .filter((other) => other !== '' && !credential.otherClientIds.includes(other))
        .map((other) => (
          <Overlaps key={other} clientId={other} policy="EXACT" credentialId={credential.id} shared={shared} onShared={setShared} />
        ))}
      <fieldset className="field" data-testid="other-client-ids">
        <legend className="label">{t('credential.otherClientIds')}</legend>
        {others.map((other, index) => (
          <div key={index} className="row">
            <Input
              mono
              className="grow"
              maxLength={120}
              aria-label={t('credential.otherClientIdN', { n: index + 1 })}
              aria-invalid={other === '' ? true : undefined}
              value={other}
              onChange={(event) => setOthers(others.map((it, at) => (at === index ? event.target.value.trim() : it)))}
            />
            <IconButton label={t('remove')} icon={<X size={15} aria-hidden />} onClick={() => setOthers(others.filter((_, at) => at !== index))} />
          </div>
        ))}
        <div className="row between">
          <span className="field-hint">{t('credential.otherClientIdsHint')}</span>
          {others.length < 32 && (
            <button type="button" className="link" onClick={() => setOthers([...others, ''])} data-testid="add-client-id">
              <Plus size={13} aria-hidden /> {t('credential.addClientId')}
            </button>
          )}
        </div>
      </fieldset>
      <div className="columns columns-3">
        <Field label={t('clientId')} error={error?.field('clientId')}>
          {(props) => <Input {...props} mono maxLength={120} value={clientId} onChange={(event) => { setClientId(event.target.value.trim()); setShared(false) }} data-testid="edit-client-id" />}
        </Field>
        <Field label={t('credential.maxConnections')} hint={t('credential.maxConnectionsHint')}>
          {(props) => <Input {...props} type="number" min={0} max={100000} value={maxConnections} onChange={(event) => setMaxConnections(event.target.value)} />}
        </Field>
        <Field label={t('credential.expires')} hint={expires ? undefined : t('never')}>
          {(props) => <Input {...props} type="date" value={expires} onChange={(event) => setExpires(event.target.value)} />}
        </Field>
      </div>
    </Dialog>
  )
}
