import type { Schemas } from '../api/client'
import { has, t } from '.'
import { reasonOfParameters } from './why'

type Problem = Schemas['Problem']
type FieldError = Schemas['FieldError']

/** The text of a key, if it is known. */
function known(key: string, values?: Record<string, string | number>): string | undefined {
  return has(key) ? t(key, values) : undefined
}

const WITHOUT_END = '2147483647'

/** What is wrong with one field. The code decides; a code that is not known leaves the server's sentence. */
export function fieldText(error: FieldError): string {
  const reason = reasonOfParameters(error.parameters)
  if (reason !== undefined) return reason
  const { min = '', max = '', expected = '' } = error.parameters ?? {}
  switch (error.code) {
    case 'length':
    case 'range':
      if (max === '') break
      if (max === WITHOUT_END) return known(`problem.field.${error.code}.atLeast`, { min }) ?? error.message
      return known(`problem.field.${error.code}`, { min, max }) ?? error.message
    case 'enum':
      if (expected === '') break
      return known('problem.field.enum', { expected }) ?? error.message
    case 'required':
      return known('required') ?? error.message
    case 'exists':
      return known(`problem.exists.${error.field}`) ?? error.message
  }
  return error.message
}

/** Texts for a problem, the most particular first. */
function keyOf(name: string, problem: Problem): string[] {
  const { kind, bundle } = problem.parameters ?? {}
  switch (name) {
    case 'not-found':
      return kind ? [`problem.not-found.${kind}`, 'problem.not-found'] : []
    case 'unavailable':
      return bundle ? ['problem.unavailable.bundle'] : kind ? [`problem.unavailable.${kind}`] : []
    case 'conflict':
      return [`problem.exists.${problem.errors?.[0]?.field ?? ''}`]
    default:
      return [`problem.${name}`]
  }
}

/** What a problem says to people, in their language: the console's words for its type and parameters, else the server's sentence. */
export function problemText(name: string, problem: Problem): string {
  const server = problem.detail ?? problem.title
  if (name === 'validation' && problem.errors?.length) {
    const texts = problem.errors.map((error) => [error.field, fieldText(error), error.message] as const)
    // A sentence of the server names its field by itself.
    return texts.map(([field, text, message]) => (field && text !== message ? `${field}: ${text}` : text)).join(' ')
  }
  // What was refused says itself why, and a mistake of a form where.
  const reason = problem.errors?.length === 1 ? reasonOfParameters(problem.errors[0]!.parameters) : undefined
  const said = reason ?? reasonOfParameters(problem.parameters)
  if (said !== undefined) return said
  const values = { ...problem.parameters, detail: server, n: problem.retryAfterSeconds ?? 1 }
  for (const key of keyOf(name, problem)) {
    const text = known(key, values)
    if (text !== undefined) return text
  }
  return server
}
