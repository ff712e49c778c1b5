/** A page of a list, and where the next one begins; null if it is the last. */
export interface Page<T> {
  rows: T[]
  nextCursor: string | null
}

/**
 * Reads so many rows of a list, page after page, and a page in any case: a list that is read again keeps as many as were there, and so its place.
 *
 * @param from where to begin; null = at the beginning
 * @param least what the first page has at least
 * @param largest what the server gives at once
 */
export async function readRows<T>(from: string | null, wanted: number, least: number, largest: number, page: (cursor: string | null, limit: number) => Promise<Page<T>>): Promise<Page<T>> {
  const rows: T[] = []
  let cursor = from
  do {
    const next = await page(cursor, Math.min(largest, rows.length === 0 ? Math.max(least, wanted) : wanted - rows.length))
    rows.push(...next.rows)
    cursor = next.nextCursor
  } while (cursor !== null && rows.length < wanted)
  return { rows, nextCursor: cursor }
}
