import { Plus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { api, ApiError, unwrap, type Schemas } from '../../api/client'
import { keys, useChange, useNamespaceRoots, useTopicMatch } from '../../api/queries'
import { t, tn } from '../../i18n'
import { Button, Field, Input, Note, Segments, Select } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { Dialog } from '../../ui/overlays'
import { filterProblem, proposedFilters, rulesFor, type AccessMode } from './access'
import { Overlaps } from './Overlaps'

const EXPIRY_DAYS = [0, 30, 90, 365] as const

/** One topic filter with the number of known topics it matches. */
export function FilterInput({ value, onChange, label, onRemove, testId }: { value: string; onChange: (value: string) => void; label: string; onRemove?: (() => void) | undefined; testId?: string }) {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), 300)
    return () => clearTimeout(timer)
  }, [value])
  const problem = filterProblem(value)
  const match = useTopicMatch(problem || filterProblem(late) ? '' : late)
  return (
    <div className="filter-input">
      <div className="input-suffix">
        <Input mono aria-label={label} aria-invalid={problem ? true : undefined} value={value} onChange={(event) => onChange(event.target.value.trim())} data-testid={testId} />
        <span className="suffix num" aria-live="polite">
          {match.data && !problem && tn('access.match', match.data.count)}
        </span>
        {onRemove && <IconButton label={t('remove')} icon={<X size={15} aria-hidden />} onClick={onRemove} />}
      </div>
      {problem && (
        <div className="field-error" role="alert">
          {problem}
        </div>
      )}
    </div>
  )
}

interface Props {
  open: boolean
  onClose: () => void
  onCreated: (secret: Schemas['CredentialSecret']) => void
}

export function NewCredentialsDialog({ open, onClose, onCreated }: Props) {
  const roots = useNamespaceRoots(open)
  // A new form at every opening, as soon as it is known what to propose.
  return open && !roots.isPending ? <Form proposed={proposedFilters(roots.data?.nodes ?? [])} onClose={onClose} onCreated={onCreated} /> : null
}

function Form({ proposed, onClose, onCreated }: Omit<Props, 'open'> & { proposed: string[] }) {
  const [description, setDescription] = useState('')
  const [mode, setMode] = useState<AccessMode>('BOTH')
  const [untouched] = useState(proposed)
  const [filters, setFilters] = useState(untouched)
  const [clientId, setClientId] = useState('')
  const [policy, setPolicy] = useState<Schemas['ClientIdPolicy']>('EXACT')
  const [days, setDays] = useState(0)
  const [tried, setTried] = useState(false)
  const [more, setMore] = useState(false)
  const [shared, setShared] = useState(false)
  // One key for this form: however often Create is pressed, one credential is made.
  const [key] = useState(() => `console-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`.slice(0, 64))
  const input = useRef<HTMLInputElement>(null)
  const create = useChange(
    (body: Schemas['NewCredential']) => unwrap(api.POST('/credentials', { params: { header: { 'Idempotency-Key': key } }, body })),
    keys.credentials,
  )
  const error = create.error instanceof ApiError ? create.error : undefined
  const fieldError = (name: string) => error?.field(name)
  const length = description.trim().length
  const descriptionError = tried && length === 0 ? t('credential.descriptionNeeded') : length > 255 ? t('credential.descriptionLong') : fieldError('description')

  const submit = () => {
    setTried(true)
    if (length === 0 || length > 255) {
      input.current?.focus()
      return
    }
    if (filters.some(filterProblem) || create.isPending || create.isSuccess) return
    create.mutate(
      {
        description: description.trim(),
        clientIdPolicy: policy,
        acl: rulesFor(mode, filters, filters === untouched),
        ...(clientId ? { clientId } : {}),
        ...(clientId && shared ? { allowOverlap: true } : {}),
        ...(days > 0 ? { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
      },
      { onSuccess: onCreated },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('credentials.new')}
      description={t('credentials.newText')}
      onSubmit={submit}
      initialFocus={input}
      testId="new-credentials-dialog"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.isPending} data-testid="create-credentials">
            {t('create')}
          </Button>
        </>
      }
    >
      {error && !error.field('description') && !error.field('clientId') && <Note tone="err">{error.name === 'offline' ? t('error.offline.text') : error.message}</Note>}
      <Field label={t('credential.description')} hint={t('credential.descriptionHint')} error={descriptionError}>
        {(props) => (
          <Input
            {...props}
            ref={input}
            maxLength={255}
            value={description}
            placeholder={t('credential.descriptionExample')}
            onChange={(event) => setDescription(event.target.value)}
            data-testid="credential-description"
          />
        )}
      </Field>
      <Segments
        label={t('credential.access')}
        value={mode}
        onChange={setMode}
        options={[
          { value: 'BOTH', label: t('access.BOTH'), hint: t('access.BOTH.hint') },
          { value: 'PUBLISH', label: t('access.PUBLISH.only'), hint: t('access.PUBLISH.hint') },
          { value: 'SUBSCRIBE', label: t('access.SUBSCRIBE.only'), hint: t('access.SUBSCRIBE.hint') },
        ]}
      />
      <div className="field">
        <span className="label">{t('access.topics')}</span>
        {filters.map((filter, index) => (
          <FilterInput
            key={index}
            label={t('access.topicN', { n: index + 1 })}
            value={filter}
            onChange={(next) => setFilters(filters.map((other, at) => (at === index ? next : other)))}
            onRemove={filters.length > 1 ? () => setFilters(filters.filter((_, at) => at !== index)) : undefined}
            testId={`credential-topic-${index}`}
          />
        ))}
        <div className="row between">
          <span className="field-hint">{t(filters.includes('#') ? 'access.topicsAll' : 'access.topicsHint')}</span>
          <button type="button" className="link" onClick={() => setFilters([...filters, ''])}>
            <Plus size={13} aria-hidden /> {t('access.addTopic')}
          </button>
        </div>
      </div>
      <div className="columns">
        <Field label={t('clientId')} error={fieldError('clientId')}>
          {(props) => (
            <Input {...props} mono value={clientId} maxLength={120} placeholder={t('generated')} onChange={(event) => { setClientId(event.target.value.trim()); setShared(false) }} data-testid="credential-client-id" />
          )}
        </Field>
        <Field label={t('credential.expires')}>
          {(props) => (
            <Select {...props} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {EXPIRY_DAYS.map((value) => (
                <option key={value} value={value}>
                  {value === 0 ? t('never') : tn('inDays', value)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Overlaps clientId={clientId} policy={policy} shared={shared} onShared={setShared} />
      {more ? (
        <PolicyField value={policy} onChange={setPolicy} />
      ) : (
        <button type="button" className="link" onClick={() => setMore(true)} data-testid="credential-more">
          {t('credential.clientIdRule')}: {t(`policy.${policy}`)}
        </button>
      )}
    </Dialog>
  )
}

export function PolicyField({ value, onChange }: { value: Schemas['ClientIdPolicy']; onChange: (value: Schemas['ClientIdPolicy']) => void }) {
  return (
    <Segments
      label={t('credential.clientIdRule')}
      value={value}
      onChange={onChange}
      options={(['EXACT', 'PREFIX', 'ANY'] as const).map((policy) => ({ value: policy, label: t(`policy.${policy}`), hint: t(`policy.${policy}.hint`) }))}
    />
  )
}
