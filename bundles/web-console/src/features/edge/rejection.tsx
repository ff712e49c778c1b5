import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { currentLanguage, has, t, tx } from '../../i18n'

type Rejection = Schemas['Rejection']

/** Which rule denied it, or that none allows it; what another provider says stays as it is. */
function ruleText(rule: string | null): string {
  if (rule === null || rule.startsWith('no rule ')) return rule !== null && currentLanguage() === 'en' ? rule : t('rejected.noRule')
  const [, action, filter] = /^rule: deny (\w+) (.+)$/.exec(rule) ?? []
  return action === undefined || filter === undefined ? rule : t('rejected.denyRule', { action, filter })
}

/** What the server says in English; in another language the words for the cause, and its sentence on hover. */
function said(rejection: Rejection): ReactNode {
  return currentLanguage() === 'en' ? rejection.reason : <span title={rejection.reason}>{t(`rejected.${rejection.cause}`)}</span>
}

/** What happened, in a sentence with the names that matter. */
export function rejectionText(rejection: Rejection): ReactNode {
  const code = (text: string) => <code className="mono strong">{text}</code>
  switch (rejection.cause) {
    case 'CLIENT_ID_NOT_ALLOWED':
      if (rejection.expectedClientId === null) return said(rejection)
      return tx('rejected.CLIENT_ID_NOT_ALLOWED.text', { came: code(rejection.clientId), expected: code(rejection.expectedClientId ?? '?') })
    case 'CLIENT_ID_CONFLICT':
      return tx('rejected.CLIENT_ID_CONFLICT.text', { id: code(rejection.clientId), a: code(rejection.address ?? '?'), b: code(rejection.otherAddress ?? '?') })
    case 'PUBLISH_DENIED':
    case 'SUBSCRIBE_DENIED':
    case 'WILL_DENIED':
      return tx(`rejected.${rejection.cause}.text`, { topic: code(rejection.topic ?? '?'), rule: ruleText(rejection.rule) })
    default: {
      const why = `rejected.why.${rejection.cause}`
      if (has(why)) return t(why, { name: rejection.credential ? `“${rejection.credential.description}”` : t('rejected.theCredential') })
      return said(rejection)
    }
  }
}
