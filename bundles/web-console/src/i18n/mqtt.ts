import { currentLanguage, has, t } from '.'

/** A Reason Code as the specification writes it, e.g. 0x8E. */
export function hex(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(2, '0')}`
}

/** What a Reason Code says: in English the server's own words, which may say more than the name that the specification gives it. */
export function reasonCodeText(code: number, said: string | null | undefined): string {
  const name = `mqtt.reason.${code}`
  if (currentLanguage() === 'en' && said) return said
  return has(name) ? t(name) : (said ?? '')
}

/** Why the broker refused a message that this console published. */
export function refusalText({ reason, reasonCode }: { reason?: string | null; reasonCode: number }): string {
  const key = `publish.reason.${reasonCode}`
  return has(key) ? t(key) : reasonCodeText(reasonCode, reason) || hex(reasonCode)
}
