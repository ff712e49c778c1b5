import type { Schemas } from '../../api/client'
import { violationText } from './violation'

export type Group = Schemas['ViolationGroup']
export type Code = Schemas['Violation']['code']

/** What of the groups is looked at; empty = all. */
export interface GroupFilter {
  q: string
  code: string
  state: string
  publisher: string
  /** Of the latest violation, in milliseconds since the epoch; 0 = whenever. */
  since: number
}

/** Groups that are alike whatever their topic is: one cause, often one model or one program. */
export interface Cluster {
  key: string
  /** The latest of them. */
  head: Group
  groups: Group[]
  count: number
  violating: number
}

export function keyOf({ topic, publisher, last }: Group): string {
  return JSON.stringify([topic, publisher.credentialId ?? '', publisher.clientId, last.code, last.field ?? ''])
}

export function publisherName({ publisher }: Group): string {
  return publisher.description || publisher.clientId || '—'
}

function has(group: Group, word: string): boolean {
  const { topic, path, publisher, last } = group
  return [topic, path, publisher.description, publisher.clientId, last.field, violationText(last)].some((text) => text?.toLowerCase().includes(word))
}

export function filtered(groups: Group[], { q, code, state, publisher, since }: GroupFilter): Group[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return groups.filter(
    (group) =>
      (!code || group.last.code === code) &&
      (!state || group.violating === (state === 'OPEN')) &&
      (!publisher || publisherName(group) === publisher) &&
      Date.parse(group.last.at) >= since &&
      words.every((word) => has(group, word)),
  )
}

const ORDERS: Record<string, (a: Group, b: Group) => number> = {
  at: (a, b) => Date.parse(a.last.at) - Date.parse(b.last.at),
  topic: (a, b) => a.topic.localeCompare(b.topic),
  publisher: (a, b) => publisherName(a).localeCompare(publisherName(b)),
  code: (a, b) => a.last.code.localeCompare(b.last.code),
  count: (a, b) => a.count - b.count,
}

export function sorted(groups: Group[], sort: string): Group[] {
  const down = sort.startsWith('-')
  const order = ORDERS[down ? sort.slice(1) : sort] ?? ORDERS['at']!
  return [...groups].sort((a, b) => (down ? -order(a, b) : order(a, b)))
}

/** How many messages each code has, the most first. */
export function byCode(groups: Group[]): { code: Code; count: number }[] {
  const counts = new Map<Code, number>()
  for (const { last, count } of groups) counts.set(last.code, (counts.get(last.code) ?? 0) + count)
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
}

/** The groups by what is wrong, those of the most topics first. */
export function clustersOf(groups: Group[]): Cluster[] {
  const clusters = new Map<string, Cluster>()
  for (const group of groups) {
    const { code, field, expectation, why } = group.last
    const key = JSON.stringify([code, field, expectation?.kind, expectation?.value, why?.code])
    const known = clusters.get(key)
    if (!known) clusters.set(key, { key, head: group, groups: [group], count: group.count, violating: Number(group.violating) })
    else {
      known.groups.push(group)
      known.count += group.count
      known.violating += Number(group.violating)
      if (Date.parse(group.last.at) > Date.parse(known.head.last.at)) known.head = group
    }
  }
  return [...clusters.values()].sort((a, b) => b.groups.length - a.groups.length || b.count - a.count)
}

function cell(text: string | number): string {
  const raw = String(text)
  // What a spreadsheet would take for a formula stands as text.
  const safe = /^[=+\-@\t\r]/.test(raw) && typeof text === 'string' ? `'${raw}` : raw
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table for spreadsheets, in English as the API is. */
export function csvOf(groups: Group[]): string {
  const rows = groups.map(({ topic, path, publisher, last, count, firstAt, violating, healedAt }) =>
    [topic, path ?? '', publisher.description, publisher.clientId, last.code, last.field ?? '', last.reason, count, firstAt, last.at, violating ? 'open' : 'healed', healedAt ?? ''].map(cell).join(','),
  )
  return ['topic,path,publisher,client_id,code,field,reason,count,first_at,last_at,state,healed_at', ...rows, ''].join('\r\n')
}
