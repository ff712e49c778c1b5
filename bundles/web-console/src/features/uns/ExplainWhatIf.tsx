import { ArrowRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { api, unwrap, type Schemas } from '../../api/client'
import { useChange, useCredential } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { Button, Field, Input, Note, Select } from '../../ui/basics'
import { fateText, sumsOf } from './explain'
import { violationText } from './violation'

type Receiver = Schemas['Receiver']
type Request = Schemas['WhatIfRequest']
type Result = Schemas['WhatIfResult']

const KINDS = ['rule', 'filter', 'mode'] as const
type Kind = (typeof KINDS)[number]
const MODES = ['OFF', 'OBSERVE', 'ANNOTATE', 'QUARANTINE', 'REJECT'] as const

/** What would become of the messages if a rule, a subscription or the mode were another one. Nothing is saved. */
export function ExplainWhatIf({ topic, allow }: { topic: string; allow: Receiver | undefined }) {
  const [kind, setKind] = useState<Kind>('rule')
  const [credentialId, setCredentialId] = useState(allow?.credential?.id ?? '')
  const [effect, setEffect] = useState<Schemas['AclRule']['effect']>('ALLOW')
  const [action, setAction] = useState<Schemas['AclRule']['action']>('SUBSCRIBE')
  const [filter, setFilter] = useState(topic)
  const [client, setClient] = useState(allow?.clientId ?? '')
  const [qos, setQos] = useState(1)
  const [mode, setMode] = useState<Schemas['ValidationMode']>('REJECT')
  const credential = useCredential(kind === 'rule' && credentialId ? credentialId : undefined)
  const ask = useChange((body: Request) => unwrap(api.POST('/namespace/explain:what-if', { body })))
  useEffect(() => {
    if (allow?.credential) {
      setKind('rule')
      setCredentialId(allow.credential.id)
    }
  }, [allow])
  const request = (): Request => {
    if (kind === 'mode') return { topic, validation: mode }
    if (kind === 'filter') return { topic, client, subscription: { clientId: client, add: { filter, qos, noLocal: false } } }
    return { topic, access: { credentialId, acl: [...(credential.data?.acl ?? []), { effect, action, filter }] } }
  }
  const ready = kind === 'mode' || (kind === 'filter' ? client !== '' && filter !== '' : credential.data !== undefined && filter !== '')
  return (
    <>
      <form
        className="explain-whatif"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) ask.mutate(request())
        }}
      >
        <Field label={t('whatif.kind')}>
          {(props) => (
            <Select {...props} value={kind} onChange={(event) => setKind(event.target.value as Kind)} data-testid="whatif-kind">
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {t(`whatif.kind.${each}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {kind === 'rule' && (
          <>
            <Field label={t('whatif.credential')} hint={credential.data?.description} error={credential.isError ? credential.error.message : undefined}>
              {(props) => <Input {...props} mono value={credentialId} onChange={(event) => setCredentialId(event.target.value.trim())} data-testid="whatif-credential" />}
            </Field>
            <Field label={t('access.effect')}>
              {(props) => (
                <Select {...props} value={effect} onChange={(event) => setEffect(event.target.value as typeof effect)} data-testid="whatif-effect">
                  <option value="ALLOW">{t('access.ALLOW')}</option>
                  <option value="DENY">{t('access.DENY')}</option>
                </Select>
              )}
            </Field>
            <Field label={t('access.action')}>
              {(props) => (
                <Select {...props} value={action} onChange={(event) => setAction(event.target.value as typeof action)}>
                  <option value="SUBSCRIBE">{t('access.SUBSCRIBE')}</option>
                  <option value="PUBLISH">{t('access.PUBLISH')}</option>
                  <option value="BOTH">{t('access.BOTH')}</option>
                </Select>
              )}
            </Field>
          </>
        )}
        {kind === 'filter' && (
          <>
            <Field label={t('explain.clientId')}>{(props) => <Input {...props} mono value={client} onChange={(event) => setClient(event.target.value)} data-testid="whatif-client" />}</Field>
            <Field label="QoS">
              {(props) => (
                <Select {...props} value={qos} onChange={(event) => setQos(Number(event.target.value))}>
                  {[0, 1, 2].map((level) => (
                    <option key={level} value={level}>
                      {level}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        )}
        {kind !== 'mode' && <Field label={t('whatif.filter')}>{(props) => <Input {...props} mono value={filter} onChange={(event) => setFilter(event.target.value)} data-testid="whatif-filter" />}</Field>}
        {kind === 'mode' && (
          <Field label={t('uns.validation')}>
            {(props) => (
              <Select {...props} value={mode} onChange={(event) => setMode(event.target.value as typeof mode)} data-testid="whatif-mode">
                {MODES.map((each) => (
                  <option key={each} value={each}>
                    {t(`validation.${each}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Button type="submit" variant="primary" busy={ask.isPending} disabled={!ready} data-testid="whatif-ask">
          {t('whatif.ask')}
        </Button>
      </form>
      {ask.isError && <Note tone="err">{ask.error.message}</Note>}
      {ask.data && <Outcome result={ask.data} />}
      {kind === 'rule' && credential.data && (
        <p className="sub small">
          {t('whatif.nothingSaved')}{' '}
          <Link href={`/edge?${new URLSearchParams({ tab: 'credentials', q: credential.data.description })}`} className="link">
            {t('explain.openCredential')} <ArrowRight size={14} aria-hidden />
          </Link>
        </p>
      )}
    </>
  )
}

/** What would be different. */
function Outcome({ result: { before, after, changes, complete } }: { result: Result }) {
  const verdict = after.contract?.verdict
  const judged = verdict && verdict !== before.contract?.verdict
  const rights = before.sender.ruling && after.sender.ruling && before.sender.ruling.allowed !== after.sender.ruling.allowed ? after.sender.ruling.allowed : undefined
  const was = sumsOf(before.audience)
  const is = sumsOf(after.audience)
  const wrong = after.contract?.violation
  return (
    <div data-testid="whatif-result">
      <Note tone={changes.length > 0 || judged || rights !== undefined ? 'info' : 'neutral'} live>
        <p>{t('whatif.sums', { before: number(was.reached), after: number(is.reached) })}</p>
        {rights !== undefined && <p>{t(rights ? 'explain.mayPublish' : 'explain.mayNotPublish')}</p>}
        {judged && verdict && (
          <p>
            {t(`verdict.${verdict}`)} {wrong && violationText(wrong)}
          </p>
        )}
        {changes.length === 0 ? <p>{t('whatif.same')}</p> : <p>{tn('whatif.changes', changes.length)}</p>}
        {!complete && <p>{t('whatif.incomplete')}</p>}
      </Note>
      <ul className="explain-receivers">
        {changes.map(({ clientId, before: old, after: now }) => (
          <li key={clientId} data-testid={`change-${clientId}`}>
            <code className="mono strong">{clientId}</code>
            <span>{old ? fateText(old) : t('whatif.notSubscribed')}</span>
            <ArrowRight size={14} aria-label={t('whatif.becomes')} />
            <strong>{now ? fateText(now) : t('whatif.notSubscribed')}</strong>
          </li>
        ))}
      </ul>
    </div>
  )
}
