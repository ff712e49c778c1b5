import type { Schemas } from '../../api/client'
import { t, tn } from '../../i18n'

export type AccessMode = 'BOTH' | 'PUBLISH' | 'SUBSCRIBE'
type Rule = Schemas['AclRule']

/** What the broker says about itself; `#` does not reach it, and MQTT Explorer shows it as statistics. */
const BROKER_STATE = '$SYS/broker/#'

/** Rules that allow one kind of access to some topics; whoever may read everything may read the broker's state. */
export function rulesFor(mode: AccessMode, filters: string[]): Rule[] {
  const rules: Rule[] = filters.map((filter) => ({ effect: 'ALLOW', action: mode, filter }))
  return mode !== 'PUBLISH' && filters.includes('#') ? [...rules, { effect: 'ALLOW', action: 'SUBSCRIBE', filter: BROKER_STATE }] : rules
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
  if (filter === '') return t('filter.empty')
  if (new TextEncoder().encode(filter).length > 1024) return t('filter.long')
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) return t('filter.hash')
    if (level.includes('+') && level !== '+') return t('filter.plus')
  }
  return undefined
}
