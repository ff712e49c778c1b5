import type { Schemas } from '../../api/client'
import { has, t } from '../../i18n'
import { whyText } from '../../i18n/why'

type Violation = Schemas['Violation']

/** What did not fit, in people's language: by its code and what was expected; a code that is not known leaves the server's sentence. */
export function violationText({ code, found, expectation, why, reason }: Violation): string {
  if (why) return whyText(why, reason)
  const expected = expectation && `expectation.${expectation.kind}`
  const key = keyOf(code, found !== null, expectation !== null)
  if (!has(key) || (expected && !has(expected))) return reason
  const text = t(key)
  if ((text.includes('{found}') && found === null) || (text.includes('{expected}') && !expected)) return reason
  return t(key, { reason, found: found ?? '', expected: expected && has(expected) ? t(expected, { value: expectation.value }) : '' })
}

function keyOf(code: string, found: boolean, expectation: boolean): string {
  const unseen = `violation.${code}.unseen`
  if (expectation && !found && has(unseen)) return unseen
  const any = `violation.${code}.any`
  return !expectation && has(any) ? any : `violation.${code}`
}

/** What would have fitted; undefined if it goes without saying, or is not known. */
export function expectedText({ expectation, expected }: Violation): string | undefined {
  if (!expectation) return undefined
  const key = `expectation.${expectation.kind}`
  return has(key) ? t(key, { value: expectation.value }) : (expected ?? undefined)
}
