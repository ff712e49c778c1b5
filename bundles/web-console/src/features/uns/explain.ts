import type { Schemas } from '../../api/client'
import { bytes, has, moment, t, type Key } from '../../i18n'

type Receiver = Schemas['Receiver']
type Ruling = Schemas['Ruling']

const TIMES = ['since', 'until', 'at']
const SIZES = ['bytes', 'maxBytes']

/** What parameters are for people: times and sizes as they write them, causes in words. */
function readable(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (TIMES.includes(name)) return [name, moment(Number(value))]
      if (SIZES.includes(name)) return [name, bytes(Number(value))]
      if (name === 'cause' && has(`rejected.${value}`)) return [name, t(`rejected.${value}` as Key)]
      return [name, value]
    }),
  )
}

/** The words of a key if they are known and all that they name is there. */
function words(key: string, parameters: Record<string, string>): string | undefined {
  if (!has(key)) return undefined
  const names = [...t(key).matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return names.every((name) => parameters[name] !== undefined) ? t(key, readable(parameters)) : undefined
}

function variant({ fate, parameters }: Receiver): string {
  if (fate === 'KEPT' && parameters['until'] === undefined) return 'fate.KEPT.ever'
  if (fate === 'NOT_ITS_TURN' && parameters['next'] === undefined) return 'fate.NOT_ITS_TURN.other'
  if (fate === 'FILTER_DOES_NOT_MATCH' && parameters['expected'] === undefined) return 'fate.FILTER_DOES_NOT_MATCH.short'
  if (fate === 'FILTER_DOES_NOT_MATCH' && parameters['found'] === undefined) return 'fate.FILTER_DOES_NOT_MATCH.long'
  return `fate.${fate}`
}

/** What becomes of the message, in a sentence; a fate that is not known leaves the server's sentence. */
export function fateText(receiver: Receiver): string {
  return words(variant(receiver), receiver.parameters) ?? receiver.text
}

/** Something else that is to be said. */
export function remarkText({ code, parameters, text }: Schemas['ReceiverRemark']): string {
  return words(`remark.${code}`, parameters) ?? text
}

/** The rule that decides, or that there is none. */
export function rulingText({ rule, position, allowed, detail }: Ruling): string {
  if (rule && position) return t('explain.rule', { n: position, effect: t(`access.${rule.effect}`), action: t(`access.${rule.action}`), filter: rule.filter })
  if (detail.startsWith('no rule ')) return t('rejected.noRule')
  return detail || t(allowed ? 'explain.allowed' : 'explain.denied')
}

export type Tone = 'ok' | 'warn' | 'err' | 'neutral'

/** How loud a fate is. */
export function toneOf({ outcome, remarks }: Pick<Receiver, 'outcome' | 'remarks'>): Tone {
  if (outcome === 'MISSED') return 'err'
  if (outcome === 'NOT_MEANT') return 'neutral'
  return outcome === 'WAITS' || remarks.some(({ code }) => code === 'QOS_LOWERED' || code === 'OLDEST_DROPPED') ? 'warn' : 'ok'
}

/** How many subscribers get it, and how many do not. */
export function sumsOf({ fates, lowered }: Schemas['Audience']): { reached: number; missed: number; notMeant: number; lowered: number } {
  const sum = (names: Schemas['Fate'][]) => names.reduce((all, name) => all + (fates[name] ?? 0), 0)
  const reached = sum(['SENT', 'WAITS', 'KEPT'])
  const notMeant = sum(['NO_LOCAL', 'NOT_ITS_TURN', 'ANY_MEMBER'])
  return { reached, notMeant, lowered, missed: Object.values(fates).reduce((all, count) => all + count, 0) - reached - notMeant }
}
