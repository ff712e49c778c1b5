import type { Schemas } from '../../api/client'
import { t, tn } from '../../i18n'

export type AccessMode = 'BOTH' | 'PUBLISH' | 'SUBSCRIBE'
type Rule = Schemas['AclRule']
type Credential = Schemas['Credential']

/** What the broker says about itself; `#` does not reach it, and MQTT Explorer shows it as statistics. */
const BROKER_STATE = '$SYS/broker/#'

/** A namespace with more roots than this is not listed in a form. */
const MOST_PROPOSED = 8

/** What new credentials may use unless somebody says otherwise: what is in the namespace; everything only while there is nothing. */
export function proposedFilters(roots: { name: string; type: 'PATH' | 'TOPIC' }[]): string[] {
  if (roots.length === 0 || roots.length > MOST_PROPOSED) return ['#']
  return roots.map(({ name, type }) => (type === 'TOPIC' ? literal(name) : `${literal(name)}/#`))
}

/** What a rule says to mean exactly this topic or filter: `%c` and `%u` in it are no names. */
function literal(topic: string): string {
  return topic.replace(/%(?=[cu])/g, '%#')
}

/**
 * Rules that allow one kind of access to some topics; whoever may read everything may read the broker's state.
 *
 * @param everything whether the filters are all that there is, although they are not `#`
 */
export function rulesFor(mode: AccessMode, filters: string[], everything = false): Rule[] {
  const rules: Rule[] = filters.map((filter) => ({ effect: 'ALLOW', action: mode, filter }))
  return mode !== 'PUBLISH' && (everything || filters.includes('#')) ? [...rules, { effect: 'ALLOW', action: 'SUBSCRIBE', filter: BROKER_STATE }] : rules
}

/** The rule that would allow what a client was refused; undefined if it was not about a right, or the topic is not known whole. */
export function missingRule({ cause, topic }: Pick<Schemas['Rejection'], 'cause' | 'topic'>): Rule | undefined {
  if (!topic || topic.endsWith('…')) return undefined
  switch (cause) {
    case 'PUBLISH_DENIED':
    case 'WILL_DENIED':
      return { effect: 'ALLOW', action: 'PUBLISH', filter: literal(topic) }
    case 'SUBSCRIBE_DENIED':
      // Rights are about the filter, not about the share that reads it.
      return { effect: 'ALLOW', action: 'SUBSCRIBE', filter: literal(topic.replace(/^\$share\/[^/]+\//, '')) }
    default:
      return undefined
  }
}

/** The rules with one that is missing; the same ones if it is there. */
export function withRule(rules: Rule[], wanted: Rule | undefined): Rule[] {
  const there = rules.some((rule) => rule.effect === wanted?.effect && rule.filter === wanted.filter && (rule.action === wanted.action || rule.action === 'BOTH'))
  return wanted && !there ? [...rules, wanted] : rules
}

/** A topic filter that the credential may use, with its names in it. */
export function exampleFilter({ acl, clientId, username }: Pick<Credential, 'acl' | 'clientId' | 'username'>): string {
  const filter = acl.find((rule) => rule.effect === 'ALLOW')?.filter ?? '#'
  return filter.replace(/%([cu#])/g, (_, name: string) => (name === 'c' ? clientId : name === 'u' ? username : '%'))
}

/** One line about what a credential may do, e.g. "Publish · acme/north/press/#". */
export function describeAccess(rules: Rule[]): string {
  const allowed = rules.filter((rule) => rule.effect === 'ALLOW' && rule.filter !== BROKER_STATE)
  if (allowed.length === 0) return t('access.none')
  const actions = new Set(allowed.map((rule) => rule.action))
  const mode = actions.size === 1 ? t(`access.${[...actions][0]!}`) : t('access.mixed')
  const filters = [...new Set(allowed.map((rule) => rule.filter))]
  const topics = filters.includes('#') ? t('access.allTopics') : filters.length === 1 ? filters[0]! : tn('access.filters', filters.length)
  const denied = rules.filter((rule) => rule.effect === 'DENY').length
  return denied > 0 ? `${mode} · ${topics} · ${tn('access.denied', denied)}` : `${mode} · ${topics}`
}

/** Why a topic filter is no valid one, or undefined. */
export function filterProblem(filter: string): string | undefined {
  if (filter.trim() === '') return t('filter.empty')
  if ([...filter].length > 1024) return t('filter.long')
  if (/\p{Cc}/u.test(filter)) return t('filter.control')
  const levels = filter.replaceAll('%#', '%').split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) return t('filter.hash')
    if (level.includes('+') && level !== '+') return t('filter.plus')
  }
  return undefined
}
