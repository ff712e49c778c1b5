import type { Schemas } from '../api/client'
import { has, t, type Key } from '.'

/** As the server sends it: in an object of its own, or among the parameters of a mistake. */
interface Why {
  code: string
  parameters: Record<string, string>
}

/** The words for a reason, if they are known and the server says all that they name. */
function words({ code, parameters }: Why): string | undefined {
  const own = parameters['similar'] ? `why.${code}.similar` : `why.${code}`
  const key = has(own) ? own : `why.${code}`
  if (!has(key)) return undefined
  const names = [...t(key as Key).matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  if (names.some((name) => parameters[name] === undefined)) return undefined
  const text = t(key as Key, parameters)
  const more = parameters['more']
  return more && more !== '0' ? t('why.more', { text, more }) : text
}

/** Why something was refused, passed over or could not be read; a reason that is not known leaves the server's sentence. */
export function whyText(why: Schemas['Reason'] | null | undefined, sentence: string): string {
  const text = why && words(why)
  if (!text) return sentence
  const at = why.parameters['at']
  return at ? t('why.at', { at, text }) : text
}

/** The same of a mistake in a form, whose parameters have it; the form says where. */
export function reasonOfParameters(parameters: Record<string, string> | undefined): string | undefined {
  const code = parameters?.['reason']
  return code ? words({ code, parameters }) : undefined
}
