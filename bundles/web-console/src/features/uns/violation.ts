import type { Schemas } from '../../api/client'
import { has, t } from '../../i18n'

type Violation = Schemas['Violation']

/** What did not fit, in people's language: by its code and what was expected; a code that is not known leaves the server's sentence. */
export function violationText({ code, found, expectation, reason }: Violation): string {
  const expected = expectation && `expectation.${expectation.kind}`
  const key = expectation || !has(`violation.${code}.any`) ? `violation.${code}` : `violation.${code}.any`
  if (!has(key) || (expected && !has(expected))) return reason
  const text = t(key)
  if ((text.includes('{found}') && found === null) || (text.includes('{expected}') && !expected)) return reason
  return t(key, { reason, found: found ?? '', expected: expected && has(expected) ? t(expected, { value: expectation.value }) : '' })
}
